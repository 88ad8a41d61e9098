// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import java.time.Instant;

/**
 * A write that the API server has carried out, by the API server's own log.
 *
 * @param name of the object
 * @param version the object's resourceVersion after it
 * @param podUid of the controller's replica that sent it, as its User-Agent says; empty when
 *     somebody else did
 */
record ApiWrite(
    Instant received, Instant completed, Target target, String name, long version, String podUid) {

  /** What was written to. */
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
