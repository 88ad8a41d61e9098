// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.policy.spec.WarmUp.GateSpec;
import io.nodeqos.policy.spec.WarmUp.OnTimeout;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.warning.Warning.Code;
import java.util.ArrayList;
import java.util.List;

/** A gate that nothing in the cluster can open on any of the nodes, and that is not released. */
final class GateCannotOpen implements WarningRule {
  @Override
  public List<Warning> check(DecidedFleet fleet) {
    List<Warning> warnings = new ArrayList<>();
    for (NodeQoSPolicy policy : fleet.policies().inForce()) {
      List<NodePreview> nodes = fleet.warmedUpBy(policy);
      if (nodes.isEmpty()) {
        continue;
      }
      MissingOpeners openers = new MissingOpeners(nodes);
      for (GateSpec gate : DecidedFleet.warmUp(policy).map(WarmUp::gates).orElse(List.of())) {
        if (!isReleased(gate)) {
          gate.accept(openers)
              .ifPresent(
                  why ->
                      warnings.add(
                          Warning.of(
                              Code.GATE_CANNOT_OPEN,
                              policy.name(),
                              gate.toString(),
                              DecidedFleet.names(nodes),
                              "Gate " + place(gate) + ": " + why + ". " + consequence(gate))));
        }
      }
    }
    return warnings;
  }

  private static boolean isReleased(GateSpec gate) {
    return gate.timing().timeout().isPresent() && gate.timing().onTimeout() == OnTimeout.RELEASE;
  }

  /** Its place in the policy. */
  private static String place(GateSpec gate) {
    String title = gate.title();
    String object = title.substring(gate.kind().code().length()).strip();
    return object.isEmpty() ? gate.kind().field() : gate.kind().field() + " " + object;
  }

  private static String consequence(GateSpec gate) {
    return "A node that warms up waits for ever ("
        + (gate.timing().timeout().isEmpty() ? "no timeout" : "onTimeout is Hold")
        + ").";
  }
}
