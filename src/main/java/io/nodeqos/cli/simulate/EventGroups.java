// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.cli.simulate.SimulationResult.Warning;
import io.nodeqos.events.QosEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Groups events by type and policy. */
final class EventGroups {
  private EventGroups() {}

  static List<Warning> of(List<QosEvent> events) {
    Map<String, List<QosEvent>> groups = new LinkedHashMap<>();
    for (QosEvent event : events) {
      groups
          .computeIfAbsent(event.type() + "/" + event.policy().name(), any -> new ArrayList<>())
          .add(event);
    }
    return groups.values().stream().map(EventGroups::warning).toList();
  }

  private static Warning warning(List<QosEvent> group) {
    QosEvent first = group.get(0);
    Set<String> nodes = new TreeSet<>();
    group.forEach(event -> nodes.add(event.node().name()));
    return new Warning(
        first.at(),
        first.type().name(),
        first.policy().name(),
        nodes.size(),
        first.node().name(),
        first.message());
  }
}
