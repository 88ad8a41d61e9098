// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.preview.warning.Warning.Code;
import java.util.List;

/** A policy that selects no node of the cluster. */
final class SelectsNothing implements WarningRule {
  @Override
  public List<Warning> check(DecidedFleet fleet) {
    return fleet.policies().inForce().stream()
        .filter(policy -> fleet.selectedBy(policy).isEmpty())
        .map(
            policy ->
                Warning.of(
                    Code.SELECTS_NOTHING,
                    policy.name(),
                    "",
                    List.of(),
                    "The nodeSelector of policy "
                        + policy.name()
                        + " selects none of the "
                        + fleet.nodes().size()
                        + " nodes."))
        .toList();
  }
}
