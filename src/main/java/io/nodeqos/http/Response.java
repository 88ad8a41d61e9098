// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A reply: a whole one in memory, or a stream.
 *
 * @param headers additional headers
 * @param stream the stream after the head, instead of a body
 */
public record Response(
    int status,
    String contentType,
    String body,
    Map<String, String> headers,
    Optional<EventStream> stream) {

  static final String TEXT = "text/plain; charset=utf-8";

  public Response {
    headers = Map.copyOf(headers);
  }

  /** A whole reply. */
  public Response(int status, String contentType, String body) {
    this(status, contentType, body, Map.of(), Optional.empty());
  }

  /** A reply of plain text. */
  public static Response text(int status, String body) {
    return new Response(status, TEXT, body);
  }

  /** A reply of JSON, status 200. */
  public static Response json(String body) {
    return json(200, body);
  }

  /** A reply of JSON. */
  public static Response json(int status, String body) {
    return new Response(status, "application/json", body);
  }

  /**
   * A streamed reply, until the stream ends or the client disconnects; then the stream is closed.
   */
  public static Response stream(EventStream stream) {
    return new Response(200, EventStream.CONTENT_TYPE, "", Map.of(), Optional.of(stream));
  }

  /** The same with one more header. */
  public Response with(String header, String value) {
    return new Response(status, contentType, body, Map.of(header, value), stream);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
