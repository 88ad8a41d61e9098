// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A node as it is once a plan is written. */
final class WrittenNode {
  private WrittenNode() {}

  static NodeView of(NodeView node, NodePlan plan) {
    MetadataChange metadata = plan.metadata();
    StatusChange status = plan.status();
    if (metadata.isEmpty() && status.isEmpty()) {
      return node;
    }
    return new NodeView(
        node.meta(),
        changed(node.labels(), metadata.setLabels(), metadata.removeLabels()),
        changed(node.annotations(), metadata.setAnnotations(), metadata.removeAnnotations()),
        metadata.taints().orElse(node.taints()),
        new NodeView.Status(
            resources(node.status().capacity(), status),
            resources(node.status().allocatable(), status),
            conditions(node.status().conditions(), status),
            node.status().images(),
            node.status().bootId(),
            node.status().software()));
  }

  private static Map<String, String> changed(
      Map<String, String> present, Map<String, String> set, Set<String> removed) {
    Map<String, String> all = new HashMap<>(present);
    all.putAll(set);
    all.keySet().removeAll(removed);
    return all;
  }

  private static Map<String, Quantity> resources(
      Map<String, Quantity> present, StatusChange change) {
    Map<String, Quantity> all = new HashMap<>(present);
    all.putAll(change.setResources());
    all.keySet().removeAll(change.removeResources());
    return all;
  }

  private static Map<String, NodeCondition> conditions(
      Map<String, NodeCondition> present, StatusChange change) {
    Map<String, NodeCondition> all = new HashMap<>(present);
    change.condition().ifPresent(condition -> all.put(condition.type(), condition));
    if (change.removeCondition()) {
      all.remove(Keys.WARMED_UP_CONDITION);
    }
    return all;
  }
}
