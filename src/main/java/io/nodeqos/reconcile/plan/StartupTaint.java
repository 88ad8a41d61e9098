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
 * The startup taint of the policy that warms a node up. The key alone says whose it is, so that one
 * with another effect is the same taint. All others stay as they are, unknown fields and order
 * included.
 *
 * @param former keys of other startup taints that the node carries since an earlier version, or a
 *     policy that this one took over from: this one takes their place
 */
record StartupTaint(String key, Set<String> former) {
  StartupTaint(String key) {
    this(key, Set.of());
  }

  /** Of a node that is remembered with what is known of it now. */
  static StartupTaint of(String key, NodeMemory memory) {
    Set<String> former = new HashSet<>(memory.startupTaints());
    former.remove(key);
    return new StartupTaint(key, former);
  }

  /** What is known of the startup taints that the node carries. */
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

  /** The node's taints without it; empty when it is not among them. */
  Optional<List<Taint>> takenOff(NodeView node) {
    return isOn(node)
        ? Optional.of(node.taints().stream().filter(t -> !isIt(t)).toList())
        : Optional.empty();
  }

  /** The node's taints with it, and with no former one; empty when they are so already. */
  Optional<List<Taint>> putOn(NodeView node) {
    boolean isThere = node.taints().stream().anyMatch(t -> t.key().equals(key));
    if (isThere && !hasFormer(node)) {
      return Optional.empty();
    }
    List<Taint> all = new ArrayList<>(node.taints());
    all.removeIf(t -> former.contains(t.key()));
    if (!isThere) {
      all.add(Taint.of(key, Keys.STARTUP_TAINT_EFFECT));
    }
    return Optional.of(List.copyOf(all));
  }

  /** The node's taints with it in the place of former ones; empty when there are none. */
  Optional<List<Taint>> inPlaceOfFormer(NodeView node) {
    return hasFormer(node) ? putOn(node) : Optional.empty();
  }

  /** The node as it is once it is in the place of former ones. */
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
