// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.node.Keys;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.warning.Warning.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Nodes wait with a startup taint, and with the edit no policy removes it: no tenant is ever
 * scheduled to them.
 */
final class TaintLeftBehind {
  private record Left(String policy, String key) {}

  /**
   * Compares two decisions about the same nodes.
   *
   * @param before ordered as {@code after}
   */
  List<Warning> check(DecidedFleet before, DecidedFleet after) {
    Map<String, List<NodePreview>> byTaint = new TreeMap<>();
    Map<String, Left> taints = new TreeMap<>();
    for (int i = 0; i < after.nodes().size(); i++) {
      NodePreview node = after.nodes().get(i);
      left(before.nodes().get(i), node)
          .ifPresent(
              left -> {
                taints.put(left.toString(), left);
                byTaint.computeIfAbsent(left.toString(), l -> new ArrayList<>()).add(node);
              });
    }
    return byTaint.entrySet().stream()
        .map(entry -> warning(taints.get(entry.getKey()), entry.getValue()))
        .toList();
  }

  private static Optional<Left> left(NodePreview before, NodePreview after) {
    return taintKey(before)
        .filter(key -> isOn(after, key) && !isRemoved(after, key) && !isAwaited(after, key))
        .map(key -> new Left(before.seen().config().sources().get(Section.WARM_UP), key));
  }

  private static Optional<String> taintKey(NodePreview node) {
    return node.seen().config().sections().warmUp().map(WarmUp::taintKey);
  }

  private static boolean isOn(NodePreview node, String key) {
    return node.seen().node().taints().stream()
        .anyMatch(t -> t.key().equals(key) && t.effect().equals(Keys.STARTUP_TAINT_EFFECT));
  }

  private static boolean isRemoved(NodePreview node, String key) {
    return node.plan()
        .metadata()
        .taints()
        .filter(taints -> taints.stream().noneMatch(t -> t.key().equals(key)))
        .isPresent();
  }

  /** A policy removes it once the node is warm; a frozen node may still be warmed up. */
  private static boolean isAwaited(NodePreview node, String key) {
    return taintKey(node).filter(key::equals).isPresent()
        || node.plan().memory().startupTaints().contains(key)
        || node.plan().summary().freeze().isPresent();
  }

  private static Warning warning(Left left, List<NodePreview> nodes) {
    String taint = left.key() + ":" + Keys.STARTUP_TAINT_EFFECT;
    return Warning.of(
        Code.TAINT_LEFT_BEHIND,
        left.policy(),
        left.key(),
        DecidedFleet.names(nodes),
        (nodes.size() == 1
                ? "Node " + nodes.get(0).node() + " is not warm and keeps"
                : nodes.size() + " nodes are not warm and keep")
            + " the startup taint "
            + taint
            + ", which no policy would remove: pods that do not tolerate it never come. To remove"
            + " it: kubectl taint node NODE "
            + taint
            + "-");
  }
}
