// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

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
}
