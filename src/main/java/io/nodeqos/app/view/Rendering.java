// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.text.TextFormat;
import java.util.List;
import java.util.function.Function;

/** The form in which a client wants an answer. */
final class Rendering {
  private Rendering() {}

  /** A client that accepts {@code text/plain} gets text for people; any other one gets JSON. */
  static boolean isText(Request request) {
    return request.accept().startsWith("text/plain");
  }

  /** All columns with {@code text/plain;wide=true}. */
  static Response text(Request request, Function<TextFormat, List<String>> lines) {
    TextFormat format = new TextFormat(0, false, request.accept().contains("wide=true"));
    return Response.text(200, String.join("\n", lines.apply(format)) + "\n");
  }
}
