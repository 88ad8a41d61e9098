// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.WarmUp;
import java.time.Instant;

/**
 * What a gate is asked about.
 *
 * @param warmUp the section in force for the node
 * @param since start of the node's warm-up
 * @param boot says which evidence is of the boot that the node is in
 */
public record Subject(
    NodeView node,
    ReservedState reserved,
    CompiledConfig config,
    WarmUp warmUp,
    Instant since,
    BootEvidence boot) {

  /**
   * Since when something is waited for that has been as it is since then: nothing is waited for
   * before the warm-up, and pods and conditions can be older than that after a reboot.
   */
  Instant since(Instant asItIsSince) {
    return asItIsSince.isAfter(since) ? asItIsSince : since;
  }
}
