// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

/** Answers GET (and so HEAD) requests to one path. Called by several threads at once. */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers a request.
   *
   * @throws Exception becomes status 500 without details; the log has them
   */
  Response answer(Request request) throws Exception;
}
