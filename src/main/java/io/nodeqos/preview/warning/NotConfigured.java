// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.policy.spec.Section;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.warning.Warning.Code;
import io.nodeqos.reconcile.plan.NodePlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Nodes that cannot be configured: a reservation is larger than they are, for example. */
final class NotConfigured implements WarningRule {
  @Override
  public List<Warning> check(DecidedFleet fleet) {
    Map<String, List<NodePreview>> byPolicy = new TreeMap<>();
    for (NodePreview node : fleet.nodes()) {
      if (NodePlanner.cannotBeConfigured(node.plan().summary())) {
        byPolicy.computeIfAbsent(policy(node), p -> new ArrayList<>()).add(node);
      }
    }
    return byPolicy.entrySet().stream().map(e -> warning(e.getKey(), e.getValue())).toList();
  }

  private static String policy(NodePreview node) {
    Map<Section, String> sources = node.seen().config().sources();
    return Stream.of(Section.RESERVATION, Section.QUOTA)
        .flatMap(section -> Stream.ofNullable(sources.get(section)))
        .findFirst()
        .orElseGet(() -> node.seen().config().contributing().stream().findFirst().orElse(""));
  }

  private static Warning warning(String policy, List<NodePreview> nodes) {
    NodePreview first = nodes.get(0);
    String why = first.plan().summary().message().substring(NodePlanner.NOT_CONFIGURED.length());
    return Warning.of(
        Code.NOT_CONFIGURED,
        policy,
        "",
        DecidedFleet.names(nodes),
        (nodes.size() == 1
                ? "Node " + first.node() + " cannot be configured: "
                : nodes.size() + " nodes cannot be configured. " + first.node() + ": ")
            + why
            + " Nodes that are not warm stay so; warm ones keep their present configuration.");
  }
}
