// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import java.time.Instant;

/**
 * A write of the controller that the API server has carried out, by the API server's own log.
 *
 * @param name of the object
 * @param version the object's resourceVersion after it
 */
record ApiWrite(Instant received, Instant completed, Target target, String name, long version) {

  /** What was written to. */
  enum Target {
    NODE,
    NODE_STATUS,
    POLICY,
    DAEMON_SET;

    boolean isNode() {
      return this == NODE || this == NODE_STATUS;
    }
  }
}
