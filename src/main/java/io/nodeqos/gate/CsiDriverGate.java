// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.Reason;
import io.nodeqos.policy.WarmUp;
import java.util.List;
import java.util.Set;

/** Opens when a CSI driver is registered in the node's CSINode. */
record CsiDriverGate(WarmUp.CsiDriver spec) implements Gate {
  @Override
  public GateResult check(Subject subject) {
    return subject.reserved().csiDrivers().orElse(Set.of()).contains(spec.name())
        ? GateResult.OPEN
        : GateResult.waiting(
            Reason.CSI_DRIVERS_MISSING,
            List.of(
                new Blocker(
                    "CSI driver " + spec.name() + " is not registered",
                    spec.name(),
                    subject.since())));
  }
}
