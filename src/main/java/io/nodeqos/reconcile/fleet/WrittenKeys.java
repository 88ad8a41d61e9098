// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.Keys;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The values that a write changes on a node, by name, each with a hash of the new value: they show
 * whether a write repeats another one. A time, which differs in each write, counts as one value.
 */
public record WrittenKeys(Map<String, Integer> values) {
  private static final Set<String> TIMES = Set.of(Keys.WARMED_UP_AT, Keys.WARMING_UP_SINCE);

  public static WrittenKeys of(NodePlan plan) {
    Map<String, Integer> values = new TreeMap<>(of(plan.metadata()).values);
    values.putAll(of(plan.status()).values);
    return new WrittenKeys(values);
  }

  public static WrittenKeys of(MetadataChange change) {
    Map<String, Integer> values = new TreeMap<>();
    change.setLabels().forEach((key, value) -> values.put("label " + key, value.hashCode()));
    change.removeLabels().forEach(key -> values.put("label " + key, 0));
    change
        .setAnnotations()
        .forEach(
            (key, value) ->
                values.put("annotation " + key, TIMES.contains(key) ? 1 : value.hashCode()));
    change.removeAnnotations().forEach(key -> values.put("annotation " + key, 0));
    change.taints().ifPresent(taints -> values.put("taints", taints.hashCode()));
    return new WrittenKeys(values);
  }

  public static WrittenKeys of(StatusChange change) {
    Map<String, Integer> values = new TreeMap<>();
    change.setResources().forEach((key, value) -> values.put("resource " + key, value.hashCode()));
    change.removeResources().forEach(key -> values.put("resource " + key, 0));
    if (change.removeCondition()) {
      values.put("condition " + Keys.WARMED_UP_CONDITION, 0);
    }
    change
        .condition()
        .ifPresent(
            c ->
                values.put(
                    "condition " + c.type(), (c.status() + c.reason() + c.message()).hashCode()));
    return new WrittenKeys(values);
  }

  /** One for each thing with its value. */
  Set<Integer> hashes() {
    Set<Integer> hashes = new HashSet<>();
    values.forEach((name, value) -> hashes.add(31 * name.hashCode() + value));
    return hashes;
  }

  List<String> names() {
    return List.copyOf(values.keySet());
  }
}
