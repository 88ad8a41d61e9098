// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Opens when the node's condition Ready is True. Taints and cordons do not count. */
record NodeReadyGate() implements Gate {
  @Override
  public GateResult check(GateInput input) {
    Optional<NodeCondition> ready = input.node().condition("Ready");
    return ready.filter(NodeCondition::isTrue).isPresent()
        ? GateResult.open(Evidence.of(ready))
        : GateResult.waiting(
            Reason.NODE_NOT_READY,
            List.of(
                new Blocker(
                    "the node is not Ready",
                    "Ready",
                    input.since(
                        ready.map(NodeCondition::lastTransitionTime).orElse(Instant.EPOCH)))));
  }
}
