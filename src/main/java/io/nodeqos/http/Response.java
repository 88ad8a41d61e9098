// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.nio.charset.StandardCharsets;

/** A whole reply, held in memory. */
public record Response(int status, String contentType, String body) {

  static final String TEXT = "text/plain; charset=utf-8";

  /** A reply of plain text. */
  public static Response text(int status, String body) {
    return new Response(status, TEXT, body);
  }

  /** A reply of JSON, status 200. */
  public static Response json(String body) {
    return new Response(200, "application/json", body);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
