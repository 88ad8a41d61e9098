// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import io.nodeqos.policy.spec.WarmUp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Opens when a condition of the node has the wanted status in the present boot. An absent condition
 * is not Unknown.
 */
record ConditionGate(WarmUp.Condition spec) implements Gate {
  @Override
  public GateResult check(GateInput input) {
    Optional<NodeCondition> condition = input.node().condition(spec.type());
    String status = condition.map(NodeCondition::status).orElse("absent");
    boolean isFormer = condition.isPresent() && !input.boot().counts(condition.get());
    return status.equals(spec.status()) && !isFormer
        ? GateResult.open(Evidence.of(condition))
        : GateResult.waiting(
            Reason.CONDITION_NOT_MET,
            List.of(
                new Blocker(
                    "condition " + spec.type() + " is " + said(status, isFormer),
                    spec.type(),
                    input.since(
                        condition.map(NodeCondition::lastTransitionTime).orElse(Instant.EPOCH)))));
  }

  private String said(String status, boolean isFormer) {
    return status.equals(spec.status()) && isFormer
        ? status + " since before the node booted"
        : status + ", expected " + spec.status();
  }
}
