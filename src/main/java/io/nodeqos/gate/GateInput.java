// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.spec.WarmUp;
import java.time.Instant;

/**
 * The input of a gate: one node during its warm-up.
 *
 * @param warmUp the section in force for the node
 * @param since start of the node's warm-up
 * @param boot decides which evidence belongs to the present boot of the node
 */
public record GateInput(
    NodeView node,
    ReservedState reserved,
    CompiledConfig config,
    WarmUp warmUp,
    Instant since,
    BootEvidence boot) {

  /**
   * Since when the node waits for an object that has been in its state since the given time: no
   * wait starts before the warm-up, and pods and conditions can be older than that after a reboot.
   */
  Instant since(Instant asItIsSince) {
    return asItIsSince.isAfter(since) ? asItIsSince : since;
  }
}
