// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicySnapshot;
import java.time.Duration;
import java.time.Instant;

/**
 * All inputs of a decision about a node.
 *
 * @param config the configuration from the policies that select the node
 * @param puller the puller of the node's images
 * @param now the time, by the clock of decisions
 * @param wallAhead how far the wall clock, which objects carry, is ahead of it
 */
public record Observation(
    NodeView node,
    ReservedState reserved,
    NodeMemory memory,
    PolicySnapshot policies,
    CompiledConfig config,
    ImagePuller puller,
    Instant now,
    Duration wallAhead) {

  /** The same with another memory. */
  public Observation withMemory(NodeMemory other) {
    return new Observation(node, reserved, other, policies, config, puller, now, wallAhead);
  }

  /** With the memory of the present boot, and the evidence of its images. */
  public Observation completed() {
    NodeMemory current = memory.seeing(node, now);
    return new Observation(
        node,
        puller.in(reserved),
        current.withStartupTaints(StartupTaint.known(node, config, current)),
        policies,
        config,
        puller,
        now,
        wallAhead);
  }
}
