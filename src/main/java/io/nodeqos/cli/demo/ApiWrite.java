// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import java.time.Instant;

/**
 * A write that the API server has committed, by the API server's own log.
 *
 * @param name of the object
 * @param version the object's resourceVersion after it
 * @param podUid of the controller's replica that sent it, by its User-Agent; empty for another
 *     client
 */
record ApiWrite(
    Instant received, Instant completed, Target target, String name, long version, String podUid) {

  /** The target of the write. */
  enum Target {
    NODE,
    NODE_STATUS,
    POLICY,
    DAEMON_SET,
    LEASE;

    boolean isNode() {
      return this == NODE || this == NODE_STATUS;
    }
  }
}
