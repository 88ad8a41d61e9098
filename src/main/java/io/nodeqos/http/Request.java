// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of a request that an endpoint sees.
 *
 * @param path the whole path
 * @param query the query's parameters, decoded; one without a value is present with an empty one
 * @param accept the Accept header, or empty
 * @param lastEventId the Last-Event-ID header of a client that had a stream before, or empty
 * @param body what a client has sent to an endpoint that takes a body; else empty
 */
public record Request(
    String path, Map<String, String> query, String accept, String lastEventId, String body) {

  /** A request without a body. */
  public Request(String path, Map<String, String> query, String accept, String lastEventId) {
    this(path, query, accept, lastEventId, "");
  }

  public Request {
    query = Map.copyOf(query);
  }

  /**
   * The parameters of a query as it is in a URI.
   *
   * @param raw null for none
   */
  static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    for (String part : raw.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      query.put(decode(name), decode(value));
    }
    return query;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A stray percent sign stays as it is.
      return text;
    }
  }
}
