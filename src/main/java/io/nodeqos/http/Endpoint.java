// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

/**
 * Answers requests to one path: GET (and so HEAD), or POST if it takes a body. Called by several
 * threads at once.
 */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers a request.
   *
   * @throws Exception becomes status 500 without details; the log has them
   */
  Response answer(Request request) throws Exception;

  /** The largest body in bytes; zero when it takes none. */
  default int maxBody() {
    return 0;
  }
}
