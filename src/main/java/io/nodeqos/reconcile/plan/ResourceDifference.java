// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.qos.WorkerRegistry.Planned;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The extended resources of a node that differ from the planned ones. */
final class ResourceDifference {
  private ResourceDifference() {}

  static StatusChange of(NodeView node, Planned planned, CompiledConfig config) {
    Map<String, Quantity> set = new TreeMap<>(planned.extendedResources());
    set.entrySet().removeIf(e -> carries(node, e.getKey(), e.getValue()));
    return new StatusChange(Optional.empty(), set, gone(node, planned, config));
  }

  /** Without a configuration: all of them go. */
  static StatusChange removal(NodeView node) {
    return new StatusChange(Optional.empty(), Map.of(), present(node));
  }

  private static boolean carries(NodeView node, String resource, Quantity quantity) {
    return quantity.equals(node.status().capacity().get(resource))
        && quantity.equals(node.status().allocatable().get(resource));
  }

  /** Those of a kept quota, and of workers that do not answer now, stay. */
  private static Set<String> gone(NodeView node, Planned planned, CompiledConfig config) {
    Set<String> names = present(node);
    names.removeAll(planned.extendedResources().keySet());
    Set<String> ofQuota = ConfigAnnotation.quotaResources(node.annotations().get(Keys.CONFIG));
    names.removeIf(
        name ->
            ofQuota.contains(name)
                ? config.keeps(Section.QUOTA)
                : planned.retained().keepsResource(name));
    return names;
  }

  private static Set<String> present(NodeView node) {
    Set<String> names = new HashSet<>(node.status().capacity().keySet());
    names.addAll(node.status().allocatable().keySet());
    names.removeIf(name -> !Keys.isOwnResource(name));
    return names;
  }
}
