// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.CompiledConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The startup taint of the policy that warms a node up. The key alone identifies it, so that a
 * taint with another effect is the same taint; one that only advises against the node is not
 * enough. All other taints stay as they are, with unknown fields and in their order.
 *
 * @param former keys of other startup taints on the node, from an earlier version or from a policy
 *     before this one: this taint replaces them
 */
record StartupTaint(String key, Set<String> former) {
  /** New pods come in spite of it. */
  private static final String ADVICE = "PreferNoSchedule";

  StartupTaint(String key) {
    this(key, Set.of());
  }

  /** With the former taints from the memory of the node. */
  static StartupTaint of(String key, NodeMemory memory) {
    Set<String> former = new HashSet<>(memory.startupTaints());
    former.remove(key);
    return new StartupTaint(key, former);
  }

  /** Known keys of the startup taints that the node carries. */
  static Set<String> known(NodeView node, CompiledConfig config, NodeMemory memory) {
    return node.taints().stream()
        .map(Taint::key)
        .filter(
            key ->
                memory.startupTaints().contains(key)
                    || (config.sections().warmUp().isPresent()
                        && config.startupTaints().contains(key)))
        .collect(Collectors.toUnmodifiableSet());
  }

  boolean isOn(NodeView node) {
    return node.taints().stream().anyMatch(this::isIt);
  }

  /** The node's taints without it; empty when the node does not have it. */
  Optional<List<Taint>> takenOff(NodeView node) {
    return isOn(node)
        ? Optional.of(node.taints().stream().filter(t -> !isIt(t)).toList())
        : Optional.empty();
  }

  /**
   * The node's taints with it, so that it keeps new pods off, and without former ones; empty when
   * nothing changes.
   */
  Optional<List<Taint>> putOn(NodeView node) {
    boolean isThere =
        node.taints().stream().anyMatch(t -> t.key().equals(key) && !t.effect().equals(ADVICE));
    if (isThere && !hasFormer(node)) {
      return Optional.empty();
    }
    List<Taint> all = new ArrayList<>(node.taints());
    all.removeIf(t -> former.contains(t.key()) || t.is(key, ADVICE));
    if (!isThere) {
      all.add(Taint.of(key, Keys.STARTUP_TAINT_EFFECT));
    }
    return Optional.of(List.copyOf(all));
  }

  /** The node's taints with it in place of former ones; empty when there are none. */
  Optional<List<Taint>> inPlaceOfFormer(NodeView node) {
    return hasFormer(node) ? putOn(node) : Optional.empty();
  }

  /** The node with this taint in place of former ones. */
  NodeView replacedOn(NodeView node) {
    return inPlaceOfFormer(node)
        .map(
            taints ->
                new NodeView(node.meta(), node.labels(), node.annotations(), taints, node.status()))
        .orElse(node);
  }

  private boolean hasFormer(NodeView node) {
    return node.taints().stream().anyMatch(t -> former.contains(t.key()));
  }

  private boolean isIt(Taint taint) {
    return taint.key().equals(key) || former.contains(taint.key());
  }
}
