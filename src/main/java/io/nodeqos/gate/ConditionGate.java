// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import io.nodeqos.policy.WarmUp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Opens when a condition of the node has the wanted status. An absent condition is not Unknown. */
record ConditionGate(WarmUp.Condition spec) implements Gate {
  @Override
  public GateResult check(Subject subject) {
    Optional<NodeCondition> condition = subject.node().condition(spec.type());
    String status = condition.map(NodeCondition::status).orElse("absent");
    return status.equals(spec.status())
        ? GateResult.open(Evidence.of(condition))
        : GateResult.waiting(
            Reason.CONDITION_NOT_MET,
            List.of(
                new Blocker(
                    "condition " + spec.type() + " is " + status + ", wanted is " + spec.status(),
                    spec.type(),
                    subject.since(
                        condition.map(NodeCondition::lastTransitionTime).orElse(Instant.EPOCH)))));
  }
}
