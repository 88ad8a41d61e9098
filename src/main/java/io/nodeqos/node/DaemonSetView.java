// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.ArrayList;
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
    public boolean isEmpty() {
      return matchExpressions.isEmpty() && matchFields.isEmpty();
    }

    /** The term with one more requirement on the node's fields. */
    public NodeSelectorTerm and(Requirement field) {
      List<Requirement> fields = new ArrayList<>(matchFields);
      fields.add(field);
      return new NodeSelectorTerm(matchExpressions, List.copyOf(fields));
    }

    boolean matches(NodeView node) {
      if (isEmpty()) {
        return false;
      }
      Map<String, String> fields = Map.of("metadata.name", node.name());
      return matchExpressions.stream().allMatch(r -> r.matches(node.labels()))
          && matchFields.stream().allMatch(r -> r.matches(fields));
    }
  }

  /**
   * Startup taints of others, which they take off as this controller does its own: the cluster
   * autoscaler's two prefixes and what Karpenter puts on until a node has registered.
   */
  private static final List<String> STARTUP_TAINT_PREFIXES =
      List.of(
          Keys.PREFIX,
          Keys.AUTOSCALER_STARTUP_TAINT_PREFIX,
          "ignore-taint.cluster-autoscaler.kubernetes.io/",
          "karpenter.sh/unregistered");

  /**
   * How network and storage agents name theirs: {@code node.cilium.io/}, {@code ebs.csi.aws.com/}.
   */
  private static final String AGENT_NOT_READY = "/agent-not-ready";

  /**
   * True when the DaemonSet controller would place a pod on the node (its own predicate: selector,
   * required affinity, untolerated NoSchedule and NoExecute taints), were it not for taints that
   * are expected to go: {@code startupTaintKey} and other startup taints, {@code
   * node.kubernetes.io/*} and the cloud provider's {@code uninitialized}. A lingering one would
   * otherwise open the gate early. A cordoned node gets its pod as well.
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
        .noneMatch(this::isKeptOffBy);
  }

  /** The startup taint on the node that keeps this DaemonSet's pods off it, if it does. */
  public Optional<Taint> keptOffBy(NodeView node, String startupTaintKey) {
    return node.taints().stream()
        .filter(t -> t.key().equals(startupTaintKey))
        .filter(this::isKeptOffBy)
        .findFirst();
  }

  private boolean isKeptOffBy(Taint taint) {
    return (taint.effect().equals("NoSchedule") || taint.effect().equals("NoExecute"))
        && placement.tolerations().stream().noneMatch(t -> t.tolerates(taint));
  }

  private static boolean isTemporary(Taint taint, String startupTaintKey) {
    String key = taint.key();
    return key.equals(startupTaintKey)
        || STARTUP_TAINT_PREFIXES.stream().anyMatch(key::startsWith)
        || key.endsWith(AGENT_NOT_READY)
        || key.startsWith("node.kubernetes.io/")
        || key.equals("node.cloudprovider.kubernetes.io/uninitialized");
  }
}
