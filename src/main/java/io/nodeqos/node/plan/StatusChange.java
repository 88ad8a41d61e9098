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
 * What one strategic merge patch changes on {@code nodes/status}.
 *
 * @param condition our condition as it shall be, empty when it stays as it is
 * @param setResources extended resources, written to capacity and allocatable alike
 * @param removeResources extended resources of QoS classes that are gone
 * @param removeCondition our condition goes; never with one in {@code condition}
 */
public record StatusChange(
    Optional<NodeCondition> condition,
    Map<String, Quantity> setResources,
    Set<String> removeResources,
    boolean removeCondition) {
  public static final StatusChange NONE = new StatusChange(Optional.empty(), Map.of(), Set.of());

  /** One that leaves the condition there. */
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

  /** Only what goes. */
  public StatusChange removals() {
    return new StatusChange(Optional.empty(), Map.of(), removeResources, removeCondition);
  }

  /** Only what comes or changes. */
  public StatusChange additions() {
    return new StatusChange(condition, setResources, Set.of());
  }

  /** True when a node has the condition as this sets it; resources left out. */
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
