// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Taint;
import io.nodeqos.node.value.Toleration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A DaemonSet of a reserved namespace, with the fields that decide on which nodes it places a pod.
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

    /** A term with a requirement that Kubernetes cannot read matches nothing. */
    boolean matches(NodeView node) {
      if (isEmpty()) {
        return false;
      }
      Map<String, String> fields = Map.of("metadata.name", node.name());
      return matchExpressions.stream().allMatch(r -> r.isReadable() && r.matches(node.labels()))
          && matchFields.stream().allMatch(r -> r.isReadableOnFields() && r.matches(fields));
    }
  }

  /**
   * True when the DaemonSet controller would place a pod on the node after the transient taints are
   * removed: {@code nodeShouldRunDaemonPod} in pkg/controller/daemon of Kubernetes 1.37, namely
   * node name, node selector, required node affinity and the taints NoSchedule and NoExecute. A
   * taint that lingers would otherwise open a gate early. All tolerations that the controller adds
   * to pods of DaemonSets are for transient taints; a cordoned node gets its pod as well.
   *
   * <p>True also where a toleration with an unknown operator {@linkplain #puzzle decides}.
   *
   * @param passes true for a taint that will be removed by its own controller
   */
  public boolean places(NodeView node, Predicate<Taint> passes) {
    return selects(node)
        && node.taints().stream()
            .filter(passes.negate())
            .allMatch(t -> !isKeptOffBy(t) || unknown(t).isPresent());
  }

  private boolean selects(NodeView node) {
    for (Map.Entry<String, String> wanted : placement.nodeSelector().entrySet()) {
      if (!wanted.getValue().equals(node.labels().get(wanted.getKey()))) {
        return false;
      }
    }
    return placement.affinityTerms().isEmpty()
        || placement.affinityTerms().get().stream().anyMatch(t -> t.matches(node));
  }

  /** A taint with this key that keeps this DaemonSet's pods off the node for certain. */
  public Optional<Taint> keptOffBy(NodeView node, String key) {
    return node.taints().stream()
        .filter(t -> t.key().equals(key))
        .filter(t -> isKeptOffBy(t) && unknown(t).isEmpty())
        .findFirst();
  }

  /** A taint, and the toleration of a later API version that may tolerate it. */
  public record Puzzle(Taint taint, Toleration toleration) {}

  /**
   * The unknown toleration that decides whether the DaemonSet places a pod on the node; empty when
   * the answer is known.
   *
   * @param passes as with {@link #places}
   */
  public Optional<Puzzle> puzzle(NodeView node, Predicate<Taint> passes) {
    return node.taints().stream()
        .filter(passes.negate())
        .filter(this::isKeptOffBy)
        .flatMap(taint -> unknown(taint).map(t -> new Puzzle(taint, t)).stream())
        .findFirst();
  }

  private Optional<Toleration> unknown(Taint taint) {
    return placement.tolerations().stream().filter(t -> t.mayTolerate(taint)).findFirst();
  }

  private boolean isKeptOffBy(Taint taint) {
    return (taint.effect().equals("NoSchedule") || taint.effect().equals("NoExecute"))
        && placement.tolerations().stream().noneMatch(t -> t.tolerates(taint));
  }
}
