// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The change of {@code nodes/status}, as one strategic merge patch.
 *
 * @param condition our new condition, empty when it stays
 * @param setResources extended resources, written to capacity and allocatable alike
 * @param removeResources extended resources of QoS classes that are gone
 * @param removeCondition our condition is removed; never together with {@code condition}
 */
public record StatusChange(
    Optional<NodeCondition> condition,
    Map<String, Quantity> setResources,
    Set<String> removeResources,
    boolean removeCondition) {
  public static final StatusChange NONE = new StatusChange(Optional.empty(), Map.of(), Set.of());

  /** A change that keeps the condition. */
  public StatusChange(
      Optional<NodeCondition> condition,
      Map<String, Quantity> setResources,
      Set<String> removeResources) {
    this(condition, setResources, removeResources, false);
  }

  public StatusChange {
    setResources = Map.copyOf(setResources);
    removeResources = Set.copyOf(removeResources);
  }

  /** Only this condition. */
  public static StatusChange of(Optional<NodeCondition> condition) {
    return condition.isEmpty() ? NONE : new StatusChange(condition, Map.of(), Set.of());
  }

  /** The resources of this one, and the condition of the other. */
  public StatusChange withConditionOf(StatusChange other) {
    return new StatusChange(other.condition, setResources, removeResources, other.removeCondition);
  }

  /** Only the resources. */
  public StatusChange ofResources() {
    return withConditionOf(NONE);
  }

  /** Only the removals. */
  public StatusChange removals() {
    return new StatusChange(Optional.empty(), Map.of(), removeResources, removeCondition);
  }

  /** Only the additions and changes. */
  public StatusChange additions() {
    return new StatusChange(condition, setResources, Set.of());
  }

  /** True when a node has the condition of this change; resources are not compared. */
  public boolean isOn(NodeView node) {
    return condition
        .map(
            wanted ->
                node.condition(wanted.type())
                    .filter(c -> c.status().equals(wanted.status()))
                    .filter(c -> c.reason().equals(wanted.reason()))
                    .filter(c -> c.message().equals(wanted.message()))
                    .isPresent())
        .orElse(true);
  }

  public boolean isEmpty() {
    return equals(NONE);
  }
}
