// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeCondition;
import java.time.Instant;
import java.util.Optional;

/**
 * The time at which a gate opened, as recorded in the cluster.
 *
 * @param object the object that opened it, with namespace/name where it has one
 */
public record Evidence(Instant at, String object) {

  /** Since when a condition has its status; empty when it has no time. */
  static Optional<Evidence> of(Optional<NodeCondition> condition) {
    return condition
        .filter(c -> !c.lastTransitionTime().equals(Instant.EPOCH))
        .map(c -> new Evidence(c.lastTransitionTime(), c.type()));
  }
}
