// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import java.io.IOException;

/** The way to the query API of a Jaeger. */
interface JaegerSource {
  /** An answer of any status. */
  record Answer(int status, String body) {}

  /**
   * Asks.
   *
   * @param path with the query
   * @throws IOException when no Jaeger answers; the message is a clause
   */
  Answer get(String path) throws IOException, InterruptedException;

  /** Names it in sentences. */
  String describe();
}
