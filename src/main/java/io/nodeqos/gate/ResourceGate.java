// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.Reason;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.spec.WarmUp;
import java.util.List;

/**
 * Opens when the node's allocatable has more than zero of a resource (of a device plugin, for
 * example).
 */
record ResourceGate(WarmUp.Resource spec) implements Gate {
  @Override
  public GateResult check(GateInput input) {
    Quantity allocatable = input.node().status().allocatable().get(spec.name());
    return allocatable != null && allocatable.compareTo(Quantity.of(0)) > 0
        ? GateResult.OPEN
        : GateResult.waiting(
            Reason.RESOURCES_MISSING,
            List.of(
                new Blocker(
                    "resource " + spec.name() + " is not allocatable",
                    spec.name(),
                    input.since())));
  }
}
