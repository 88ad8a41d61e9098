// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.policy.WarmUp;
import java.util.ArrayList;
import java.util.List;

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
          new Blocker("namespace " + spec.namespace() + " is not reserved", subject.since()));
    }
    if (!namespace.readable()) {
      return GateResult.unknown(
          Reason.NAMESPACE_NOT_READABLE,
          new Blocker("namespace " + spec.namespace() + " cannot be read", subject.since()));
    }
    return GateResult.waiting(Reason.RESERVED_PODS_NOT_READY, blockers(subject, namespace));
  }

  private List<Blocker> blockers(Subject subject, NamespaceState namespace) {
    List<PodView> pods =
        namespace.pods().stream()
            .filter(p -> !p.finished() && spec.selector().matches(p.labels()))
            .toList();
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
                subject.since()));
      }
    }
    if (pods.isEmpty() && daemonSets.isEmpty()) {
      blockers.add(
          new Blocker(
              "no pod and no DaemonSet of namespace " + spec.namespace() + " matches",
              subject.since()));
    }
    return blockers;
  }

  private static Blocker blocker(PodView pod, String what) {
    return new Blocker(
        "pod " + pod.namespace() + "/" + pod.name() + " " + what, pod.meta().createdAt());
  }
}
