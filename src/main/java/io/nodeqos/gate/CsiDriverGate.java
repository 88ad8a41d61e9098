// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.Reason;
import io.nodeqos.policy.spec.WarmUp;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Opens when a CSI driver is registered in the node's CSINode. Without a CSINode the answer is
 * unknown. A CSINode keeps its drivers over a reboot, so that the gate is open at once after a
 * reboot: see {@link BootEvidence}.
 */
record CsiDriverGate(WarmUp.CsiDriver spec) implements Gate {
  @Override
  public GateResult check(GateInput input) {
    Optional<Set<String>> drivers = input.reserved().csiDrivers();
    Blocker blocker =
        new Blocker(
            "CSI driver "
                + spec.name()
                + " is not registered"
                + (drivers.isPresent() ? "" : ": the node has no CSINode"),
            spec.name(),
            input.since());
    if (drivers.isEmpty()) {
      return GateResult.unknown(Reason.CSI_DRIVERS_MISSING, blocker);
    }
    return drivers.get().contains(spec.name())
        ? GateResult.OPEN
        : GateResult.waiting(Reason.CSI_DRIVERS_MISSING, List.of(blocker));
  }
}
