// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Configuration;
import io.nodeqos.explain.answer.Explanation.Event;
import io.nodeqos.explain.answer.Explanation.Source;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.spec.Section;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration of a node, and the policy of each of its sections. */
final class ConfigurationReading {
  private ConfigurationReading() {}

  static Configuration of(NodeFacts facts, List<Event> history) {
    NodeView node = facts.node();
    Map<String, Source> sections = new LinkedHashMap<>();
    for (Section section : Section.values()) {
      String policy = facts.config().sources().get(section);
      if (policy != null) {
        sections.put(section.field(), source(facts, section, policy));
      }
    }
    return new Configuration(
        facts.config().version(),
        node.labels().getOrDefault(Keys.CONFIG_VERSION, ""),
        node.annotations().getOrDefault(Keys.APPLIED_VERSION, ""),
        history.stream()
            .filter(event -> event.type().equals(PlannedTransition.CONFIG_UPDATED.name()))
            .map(Event::at)
            .max(Comparator.naturalOrder()),
        node.annotations().getOrDefault(Keys.LEADER_EPOCH, ""),
        traceId(node.annotations().getOrDefault(Keys.TRACEPARENT, "")),
        sections,
        new RolloutReading(facts).sentences());
  }

  /** The second part of a W3C traceparent. */
  private static String traceId(String traceparent) {
    String[] parts = traceparent.split("-", 3);
    return parts.length == 3 ? parts[1] : "";
  }

  private static Source source(NodeFacts facts, Section section, String policy) {
    List<NodeQoSPolicy> setting =
        facts.seen().policies().inForce().stream()
            .filter(p -> facts.config().matching().contains(p.name()))
            .filter(p -> p.spec().sections().values().containsKey(section))
            .toList();
    return new Source(
        policy,
        setting.stream()
            .filter(p -> p.name().equals(policy))
            .mapToInt(p -> p.spec().priority())
            .findFirst()
            .orElse(0),
        setting.stream().map(NodeQoSPolicy::name).filter(n -> !n.equals(policy)).toList());
  }
}
