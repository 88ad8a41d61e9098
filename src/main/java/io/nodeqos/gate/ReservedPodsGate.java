// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.policy.WarmUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Opens when every pod of a reserved namespace that is expected on the node is there and Ready: the
 * matching pods on the node, and one for each matching DaemonSet that would place a pod there.
 */
record ReservedPodsGate(WarmUp.ReservedPods spec) implements Gate {
  @Override
  public GateResult check(Subject subject) {
    NamespaceState namespace = subject.reserved().namespaces().get(spec.namespace());
    if (namespace == null) {
      return GateResult.unknown(
          Reason.NAMESPACE_NOT_RESERVED,
          new Blocker(
              "namespace " + spec.namespace() + " is not reserved",
              spec.namespace(),
              subject.since()));
    }
    if (!namespace.readable()) {
      return GateResult.unknown(
          Reason.NAMESPACE_NOT_READABLE,
          new Blocker(
              "namespace " + spec.namespace() + " cannot be read",
              spec.namespace(),
              subject.since()));
    }
    List<PodView> pods =
        namespace.pods().stream()
            .filter(p -> !p.finished() && spec.selector().matches(p.labels()))
            .toList();
    List<Blocker> blockers = blockers(subject, namespace, pods);
    return blockers.isEmpty()
        ? GateResult.open(lastReady(pods))
        : GateResult.waiting(Reason.RESERVED_PODS_NOT_READY, blockers);
  }

  /** The gate opened with the last pod, if every kubelet has told when. */
  private static Optional<Evidence> lastReady(List<PodView> pods) {
    return pods.stream().anyMatch(p -> p.state().readySince().equals(Instant.EPOCH))
        ? Optional.empty()
        : pods.stream()
            .max(Comparator.comparing(p -> p.state().readySince()))
            .map(p -> new Evidence(p.state().readySince(), object(p)));
  }

  private List<Blocker> blockers(Subject subject, NamespaceState namespace, List<PodView> pods) {
    List<DaemonSetView> daemonSets =
        namespace.daemonSets().stream()
            .filter(d -> !d.deleting() && spec.selector().matches(d.podLabels()))
            .toList();
    List<Blocker> blockers = new ArrayList<>();
    for (PodView pod : pods) {
      if (pod.state().deleting()) {
        blockers.add(blocker(pod, "is terminating"));
      } else if (!pod.state().ready()) {
        blockers.add(blocker(pod, "is not Ready"));
      }
    }
    for (DaemonSetView daemonSet : daemonSets) {
      boolean there = pods.stream().anyMatch(p -> p.ownerUid().equals(daemonSet.uid()));
      if (!there && daemonSet.places(subject.node(), subject.warmUp().taintKey())) {
        blockers.add(
            new Blocker(
                "the pod of DaemonSet " + spec.namespace() + "/" + daemonSet.name() + " is missing",
                spec.namespace() + "/" + daemonSet.name(),
                subject.since()));
      }
    }
    if (pods.isEmpty() && daemonSets.isEmpty()) {
      blockers.add(
          new Blocker(
              "no pod and no DaemonSet of namespace " + spec.namespace() + " matches",
              spec.namespace(),
              subject.since()));
    }
    return blockers;
  }

  private static Blocker blocker(PodView pod, String what) {
    return new Blocker("pod " + object(pod) + " " + what, object(pod), pod.meta().createdAt());
  }

  private static String object(PodView pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
