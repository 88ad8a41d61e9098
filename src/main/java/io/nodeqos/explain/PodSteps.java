// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.gate.Blocker;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.policy.spec.WarmUp.ReservedPods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The next steps for a gate that waits for pods of a reserved namespace. */
final class PodSteps {
  private final NodeFacts facts;
  private final Map<String, PodTrouble> pods;
  private final String controller;

  /**
   * @param pods as {@link Knowledge#pods}
   * @param controller namespace of the controller
   */
  PodSteps(NodeFacts facts, Map<String, PodTrouble> pods, String controller) {
    this.facts = facts;
    this.pods = pods;
    this.controller = controller;
  }

  List<Advice> of(GateReading gate, ReservedPods spec, Blocker blocker) {
    String namespace = spec.namespace();
    Reason reason = gate.check().result().reason();
    if (reason == Reason.NAMESPACE_NOT_RESERVED) {
      return List.of(
          Advice.command(
              "mark the namespace as reserved; if there is no such namespace, correct the gate",
              "kubectl label namespace " + namespace + " " + Keys.RESERVED + "=true"));
    }
    if (reason == Reason.NAMESPACE_NOT_READABLE) {
      return List.of(
          Advice.command(
              "see whether the controller may list pods there; its rules are manifests/base/rbac.yaml",
              "kubectl auth can-i list pods -n "
                  + namespace
                  + " --as system:serviceaccount:"
                  + controller
                  + ":node-qos-controller"));
    }
    BlockedObject object =
        BlockedObject.of(
            gate.spec().kind(), blocker.object(), facts.node().name(), facts.seen().reserved());
    PodTrouble trouble = pods.get(blocker.object());
    if (object.isPod()) {
      return List.of(
          trouble == null
              ? PodTrouble.events(namespace, own(blocker))
              : trouble.advice(facts.at()));
    }
    if (!object.isDaemonSet()) {
      String selector = spec.selector().text();
      return List.of(
          Advice.command(
              "compare the selector of the gate with the labels of the pods",
              "kubectl -n " + namespace + " get daemonsets,pods --show-labels"),
          Advice.text(
              "the gate selects "
                  + (selector.isEmpty() ? "all pods" : "pods with " + selector)
                  + " in namespace "
                  + namespace));
    }
    if (blocker.isDeadlock()) {
      return List.of(tolerate(namespace, own(blocker)));
    }
    if (reason == Reason.UNKNOWN_TOLERATION) {
      return List.of(
          Advice.command(
              "upgrade the controller, or leave this DaemonSet out of the selector of the gate; its"
                  + " tolerations are",
              "kubectl -n "
                  + namespace
                  + " get daemonset "
                  + own(blocker)
                  + " -o jsonpath='{.spec.template.spec.tolerations}'"));
    }
    List<Advice> steps = new ArrayList<>();
    if (trouble != null) {
      steps.add(trouble.advice(facts.at()));
    }
    steps.add(
        Advice.command(
            "see why its pod is not created",
            "kubectl -n " + namespace + " describe daemonset " + own(blocker)));
    return steps;
  }

  /** A JSON patch replaces no toleration of the DaemonSet. */
  private Advice tolerate(String namespace, String daemonSet) {
    NamespaceState state = facts.seen().reserved().namespaces().get(namespace);
    boolean hasSome =
        state.daemonSets().stream()
            .filter(d -> d.name().equals(daemonSet))
            .map(DaemonSetView::placement)
            .anyMatch(placement -> !placement.tolerations().isEmpty());
    String key =
        facts.config().sections().warmUp().map(w -> w.taintKey()).orElse(Keys.STARTUP_TAINT);
    String toleration = "{\"key\":\"" + key + "\",\"operator\":\"Exists\"}";
    return Advice.command(
        "let it tolerate the startup taint",
        "kubectl -n "
            + namespace
            + " patch daemonset "
            + daemonSet
            + " --type json -p '[{\"op\":\"add\",\"path\":\"/spec/template/spec/tolerations"
            + (hasSome ? "/-\",\"value\":" + toleration : "\",\"value\":[" + toleration + "]")
            + "}]'");
  }

  private static String own(Blocker blocker) {
    return blocker.object().substring(blocker.object().indexOf('/') + 1);
  }
}
