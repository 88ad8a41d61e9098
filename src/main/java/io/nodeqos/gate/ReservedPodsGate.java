// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.DaemonSetView.Puzzle;
import io.nodeqos.node.PodView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.TransientTaints;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.spec.WarmUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Opens when every pod of a reserved namespace that is expected on the node is there and Ready, in
 * the boot that the node is in ({@link BootEvidence}): the matching pods on the node, and one for
 * each matching DaemonSet that would place a pod there.
 *
 * <p>A terminating pod is expected only while a DaemonSet that is not being deleted owns it and
 * would place a pod on the node again; any other pod moves to another node. One Ready pod of a
 * DaemonSet that is not terminating is enough: with {@code maxSurge} the next pod starts while the
 * old one still serves.
 *
 * @param transientTaints taints besides the startup taint with which a pod is still expected
 */
record ReservedPodsGate(WarmUp.ReservedPods spec, TransientTaints transientTaints) implements Gate {
  /** Characters of a selector in a message; the longest has thousands. */
  private static final int MAX_SELECTOR = 200;

  /**
   * The pods and DaemonSets that the gate checks.
   *
   * @param pods pods on the node that have not finished: static pods and pods of any owner
   * @param daemonSets matching DaemonSets that are not being deleted
   * @param owners uids of all DaemonSets in the namespace, matching or not
   */
  private record Expected(List<PodView> pods, List<DaemonSetView> daemonSets, Set<String> owners) {
    boolean isThere(DaemonSetView daemonSet) {
      return pods.stream().anyMatch(p -> p.ownerUid().equals(daemonSet.uid()));
    }

    /** Another pod of its DaemonSet has taken its place. */
    boolean isReplaced(PodView pod, Predicate<PodView> by) {
      return owners.contains(pod.ownerUid())
          && pods.stream()
              .filter(p -> p.ownerUid().equals(pod.ownerUid()) && !p.state().deleting())
              .anyMatch(by);
    }
  }

  @Override
  public GateResult check(GateInput input) {
    NamespaceState namespace = input.reserved().namespaces().get(spec.namespace());
    if (namespace == null) {
      return GateResult.unknown(
          Reason.NAMESPACE_NOT_RESERVED,
          new Blocker(
              "namespace " + spec.namespace() + " is not reserved",
              spec.namespace(),
              input.since()));
    }
    if (!namespace.readable()) {
      return GateResult.unknown(
          Reason.NAMESPACE_NOT_READABLE,
          new Blocker(
              "namespace " + spec.namespace() + " cannot be read",
              spec.namespace(),
              input.since()));
    }
    Expected expected = expected(namespace, input);
    List<Blocker> blockers = blockers(input, expected);
    List<Blocker> puzzles = puzzles(input, expected);
    if (blockers.isEmpty() && puzzles.isEmpty()) {
      return GateResult.open(lastReady(expected.pods(), input));
    }
    return blockers.isEmpty()
        ? GateResult.unknown(Reason.UNKNOWN_TOLERATION, puzzles)
        : GateResult.waiting(
            Reason.RESERVED_PODS_NOT_READY,
            Stream.concat(blockers.stream(), puzzles.stream()).toList());
  }

  /**
   * With {@code updateStrategy: OnDelete} the present pod can have the labels of an earlier
   * template: it is still the pod of its DaemonSet.
   */
  private Expected expected(NamespaceState namespace, GateInput input) {
    List<DaemonSetView> daemonSets =
        namespace.daemonSets().stream()
            .filter(d -> !d.deleting() && spec.selector().matches(d.podLabels()))
            .toList();
    List<PodView> pods =
        namespace.pods().stream()
            .filter(p -> !p.finished())
            .filter(
                p ->
                    spec.selector().matches(p.labels())
                        || daemonSets.stream().anyMatch(d -> d.uid().equals(p.ownerUid())))
            .filter(p -> !p.state().deleting() || comesAgain(p, namespace, input))
            .toList();
    return new Expected(
        pods,
        daemonSets,
        namespace.daemonSets().stream().map(DaemonSetView::uid).collect(Collectors.toSet()));
  }

  /** A DaemonSet will replace the terminating pod. */
  private boolean comesAgain(PodView pod, NamespaceState namespace, GateInput input) {
    return namespace.daemonSets().stream()
        .anyMatch(
            d ->
                d.uid().equals(pod.ownerUid())
                    && !d.deleting()
                    && d.places(input.node(), passes(input)));
  }

  private Predicate<Taint> passes(GateInput input) {
    return taint ->
        taint.key().equals(input.warmUp().taintKey()) || transientTaints.includes(taint);
  }

  /**
   * The gate opened with the last pod that became Ready, if the kubelet reports a time for each
   * pod.
   */
  private static Optional<Evidence> lastReady(List<PodView> pods, GateInput input) {
    List<PodView> ready = pods.stream().filter(p -> serves(p, input)).toList();
    return ready.stream().anyMatch(p -> p.state().readySince().equals(Instant.EPOCH))
        ? Optional.empty()
        : ready.stream()
            .max(Comparator.comparing(p -> p.state().readySince()))
            .map(p -> new Evidence(p.state().readySince(), object(p)));
  }

  private List<Blocker> blockers(GateInput input, Expected expected) {
    List<Blocker> blockers = new ArrayList<>();
    for (PodView pod : expected.pods()) {
      if (pod.state().deleting()) {
        if (!expected.isReplaced(pod, p -> true)) {
          blockers.add(blocker(input, pod, "is terminating"));
        }
      } else if (!serves(pod, input) && !expected.isReplaced(pod, p -> serves(p, input))) {
        blockers.add(
            blocker(
                input,
                pod,
                pod.state().ready()
                    ? "has not become Ready since the node booted"
                    : "is not Ready"));
      }
    }
    for (DaemonSetView daemonSet : expected.daemonSets()) {
      if (!expected.isThere(daemonSet)
          && daemonSet.places(input.node(), passes(input))
          && daemonSet.puzzle(input.node(), passes(input)).isEmpty()) {
        blockers.add(missing(input, daemonSet));
      }
    }
    if (expected.pods().isEmpty() && expected.daemonSets().isEmpty()) {
      blockers.add(new Blocker(nothingMatches(), spec.namespace(), input.since()));
    }
    return blockers;
  }

  private String nothingMatches() {
    String selector = spec.selector().text();
    return "no pod and no DaemonSet in namespace "
        + spec.namespace()
        + " matches "
        + (selector.isEmpty() ? "the empty selector" : shortened(selector));
  }

  private static String shortened(String selector) {
    return selector.length() <= MAX_SELECTOR
        ? selector
        : selector.substring(0, MAX_SELECTOR) + "...";
  }

  /** DaemonSets whose pods are missing and may or may not come: a toleration is unknown. */
  private List<Blocker> puzzles(GateInput input, Expected expected) {
    return expected.daemonSets().stream()
        .filter(d -> !expected.isThere(d) && d.places(input.node(), passes(input)))
        .flatMap(
            d ->
                d
                    .puzzle(input.node(), passes(input))
                    .map(puzzle -> blocker(input, d, puzzle))
                    .stream())
        .toList();
  }

  private static Blocker blocker(GateInput input, DaemonSetView daemonSet, Puzzle puzzle) {
    String object = daemonSet.namespace() + "/" + daemonSet.name();
    return new Blocker(
        "the pod of DaemonSet "
            + object
            + " is missing, and the controller does not know the operator \""
            + puzzle.toleration().operator()
            + "\" of its toleration of the taint "
            + puzzle.taint().key()
            + ":"
            + puzzle.taint().effect(),
        object,
        input.since());
  }

  private static boolean serves(PodView pod, GateInput input) {
    return pod.state().ready() && !pod.state().deleting() && input.boot().counts(pod);
  }

  private static Blocker missing(GateInput input, DaemonSetView daemonSet) {
    String object = daemonSet.namespace() + "/" + daemonSet.name();
    Optional<Taint> taint = daemonSet.keptOffBy(input.node(), input.warmUp().taintKey());
    return taint.isPresent()
        ? new Blocker(
            "DaemonSet "
                + object
                + " does not tolerate the startup taint "
                + taint.get().key()
                + ":"
                + taint.get().effect()
                + ", so its pod cannot be scheduled to this node before the node is warm",
            object,
            input.since(),
            true)
        : new Blocker("the pod of DaemonSet " + object + " is missing", object, input.since());
  }

  private static Blocker blocker(GateInput input, PodView pod, String what) {
    return new Blocker(
        "pod " + object(pod) + " " + what, object(pod), input.since(pod.meta().createdAt()));
  }

  private static String object(PodView pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
