// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

/** A question about the cluster that a simulation has come to. */
sealed interface WhatIf {
  /** The pods of a DaemonSet are not Ready any more on some nodes. */
  record AgentDown(String daemonSet, String selector) implements WhatIf {}

  /** All replicas of the controller are restarted. */
  record Restart() implements WhatIf {}

  /** A policy is deleted. */
  record PolicyDeleted(String policy) implements WhatIf {}

  /**
   * Its result.
   *
   * @param braked nodes whose mark the brake keeps
   */
  record Answer(String question, int marksLost, int braked, int warmBefore, int writes) {}

  /** As a line of a table. */
  default String question() {
    if (this instanceof AgentDown down) {
      return "DaemonSet "
          + down.daemonSet()
          + " down on "
          + (down.selector().isEmpty() ? "all nodes" : "nodes with " + down.selector());
    }
    return this instanceof PolicyDeleted deleted
        ? "policy " + deleted.policy() + " deleted"
        : "restart of all replicas";
  }
}
