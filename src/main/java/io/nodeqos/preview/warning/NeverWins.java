// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.warning.Warning.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A section of a policy that other policies win on each node that it selects. */
final class NeverWins implements WarningRule {
  @Override
  public List<Warning> check(DecidedFleet fleet) {
    List<Warning> warnings = new ArrayList<>();
    for (NodeQoSPolicy policy : fleet.policies().inForce()) {
      List<NodePreview> nodes = fleet.selectedBy(policy);
      if (!nodes.isEmpty()) {
        policy.spec().sections().values().keySet().stream()
            .sorted()
            .filter(section -> winsNowhere(policy, section, nodes))
            .forEach(section -> warnings.add(warning(fleet, policy, section, nodes)));
      }
    }
    return warnings;
  }

  private static boolean winsNowhere(
      NodeQoSPolicy policy, Section section, List<NodePreview> nodes) {
    return nodes.stream()
        .noneMatch(n -> policy.name().equals(n.seen().config().sources().get(section)));
  }

  private static Warning warning(
      DecidedFleet fleet, NodeQoSPolicy policy, Section section, List<NodePreview> nodes) {
    String winners =
        nodes.stream()
            .map(n -> n.seen().config().sources().getOrDefault(section, ""))
            .filter(name -> !name.isEmpty())
            .distinct()
            .sorted()
            .map(name -> name + priority(fleet, name))
            .collect(Collectors.joining(", "));
    return Warning.of(
        Code.NEVER_WINS,
        policy.name(),
        section.field(),
        DecidedFleet.names(nodes),
        "Section "
            + section.field()
            + " of policy "
            + policy.name()
            + " has no effect: on "
            + (nodes.size() == 1 ? "the only node" : "all " + nodes.size() + " nodes")
            + " that it selects, another policy sets it ("
            + winners
            + "; priority of this one "
            + policy.spec().priority()
            + ").");
  }

  private static String priority(DecidedFleet fleet, String name) {
    return fleet.policies().inForce().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .map(p -> " with priority " + p.spec().priority())
        .orElse("");
  }
}
