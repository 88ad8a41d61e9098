// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A DaemonSet of a reserved namespace: what decides on which nodes it places a pod.
 *
 * @param podLabels labels of the pod template
 * @param placement where its pods may go
 */
public record DaemonSetView(
    String namespace,
    String name,
    String uid,
    boolean deleting,
    Map<String, String> podLabels,
    Placement placement) {

  /**
   * The scheduling part of the pod template.
   *
   * @param affinityTerms required node affinity: one of the terms must match; empty when there is
   *     none
   */
  public record Placement(
      Map<String, String> nodeSelector,
      Optional<List<NodeSelectorTerm>> affinityTerms,
      List<Toleration> tolerations) {}

  /** One term of required node affinity; all parts must match, an empty term matches nothing. */
  public record NodeSelectorTerm(
      List<Requirement> matchExpressions, List<Requirement> matchFields) {
    boolean matches(NodeView node) {
      if (matchExpressions.isEmpty() && matchFields.isEmpty()) {
        return false;
      }
      Map<String, String> fields = Map.of("metadata.name", node.name());
      return matchExpressions.stream().allMatch(r -> r.matches(node.labels()))
          && matchFields.stream().allMatch(r -> r.matches(fields));
    }
  }

  /**
   * True when the DaemonSet controller would place a pod on the node (its own predicate: selector,
   * required affinity, untolerated NoSchedule and NoExecute taints), were it not for taints that
   * are expected to go: {@code startupTaintKey}, {@code node.kubernetes.io/*} and the cloud
   * provider's {@code uninitialized}. A lingering one would otherwise open the gate early.
   */
  public boolean places(NodeView node, String startupTaintKey) {
    Placement p = placement;
    for (Map.Entry<String, String> wanted : p.nodeSelector().entrySet()) {
      if (!wanted.getValue().equals(node.labels().get(wanted.getKey()))) {
        return false;
      }
    }
    if (p.affinityTerms().isPresent()
        && p.affinityTerms().get().stream().noneMatch(t -> t.matches(node))) {
      return false;
    }
    return node.taints().stream()
        .filter(t -> !isTemporary(t, startupTaintKey))
        .filter(t -> t.effect().equals("NoSchedule") || t.effect().equals("NoExecute"))
        .allMatch(t -> p.tolerations().stream().anyMatch(toleration -> toleration.tolerates(t)));
  }

  private static boolean isTemporary(Taint taint, String startupTaintKey) {
    return taint.key().equals(startupTaintKey)
        || taint.key().startsWith(Keys.AUTOSCALER_STARTUP_TAINT_PREFIX)
        || taint.key().startsWith("node.kubernetes.io/")
        || taint.key().equals("node.cloudprovider.kubernetes.io/uninitialized");
  }
}
