// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import java.util.List;

/** Opens when the node's condition Ready is True. Taints and cordons do not count. */
record NodeReadyGate() implements Gate {
  @Override
  public GateResult check(Subject subject) {
    boolean ready = subject.node().condition("Ready").map(NodeCondition::isTrue).orElse(false);
    return ready
        ? GateResult.OPEN
        : GateResult.waiting(
            Reason.NODE_NOT_READY, List.of(new Blocker("the node is not Ready", subject.since())));
  }
}
