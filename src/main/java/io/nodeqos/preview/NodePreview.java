// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.reconcile.plan.Observation;

/**
 * The decision about one node of a snapshot.
 *
 * @param seen its inputs
 * @param plan as decided, before any admission: a controller may hold a part of it
 */
public record NodePreview(Observation seen, NodePlan plan) {
  public String node() {
    return seen.node().name();
  }
}
