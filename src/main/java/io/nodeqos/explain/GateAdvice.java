// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.Explanation.Advice;
import io.nodeqos.gate.Blocker;
import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.ImageEvidence;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.Section;
import io.nodeqos.policy.WarmUp.ReservedPods;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The next steps for a closed gate. */
final class GateAdvice {
  private final NodeFacts facts;
  private final Knowledge knowledge;
  private final String node;

  GateAdvice(NodeFacts facts, Knowledge knowledge) {
    this.facts = facts;
    this.knowledge = knowledge;
    this.node = facts.node().name();
  }

  /** For one blocker, the most useful first; never empty. */
  List<Advice> of(GateReading gate, Blocker blocker) {
    return switch (gate.spec().kind()) {
      case RESERVED_PODS -> pods(gate, (ReservedPods) gate.spec(), blocker);
      case CSI_DRIVER -> csiDriver(blocker);
      case IMAGES -> images();
      case NODE_READY ->
          List.of(
              Advice.command(
                  "look at the node's conditions and its Events", "kubectl describe node " + node));
      case CONDITION ->
          List.of(
              Advice.command(
                  "look at the condition; the program that writes it is not this controller",
                  "kubectl get node "
                      + node
                      + " -o jsonpath='{.status.conditions[?(@.type==\""
                      + blocker.object()
                      + "\")]}'"));
      case RESOURCE ->
          List.of(
              podsOfNode("find the pod of the device plug-in, and look at its log"),
              Advice.command(
                  "see the resources of the node",
                  "kubectl get node " + node + " -o jsonpath='{.status.allocatable}'"));
      case CONFIG_APPLIED ->
          List.of(
              podsOfNode("find the pod of the node agent, and look at its log"),
              Advice.command(
                  "see the version that the agent has applied",
                  "kubectl get node "
                      + node
                      + " -o jsonpath='{.metadata.annotations.nodeqos\\.io/applied-version}'"));
    };
  }

  /** A timeout for a gate that has none. */
  Optional<Advice> limit(GateReading gate) {
    if (gate.spec().timing().timeout().isPresent()) {
      return Optional.empty();
    }
    String path = "/spec/warmUp/" + gate.pointer();
    return Optional.of(
        Advice.command(
            "or give this gate of the policy a limit for all of its nodes",
            "kubectl patch nqp "
                + policy()
                + " --type json -p '[{\"op\":\"add\",\"path\":\""
                + path
                + "/timeout\",\"value\":\"15m\"},{\"op\":\"add\",\"path\":\""
                + path
                + "/onTimeout\",\"value\":\"Release\"}]'"));
  }

  private String policy() {
    return facts.config().sources().getOrDefault(Section.WARM_UP, "");
  }

  private List<Advice> pods(GateReading gate, ReservedPods spec, Blocker blocker) {
    String namespace = spec.namespace();
    Reason reason = gate.check().result().reason();
    if (reason == Reason.NAMESPACE_NOT_RESERVED) {
      return List.of(
          Advice.command(
              "mark the namespace as reserved",
              "kubectl label namespace " + namespace + " " + Keys.RESERVED + "=true"));
    }
    if (reason == Reason.NAMESPACE_NOT_READABLE) {
      return List.of(
          Advice.command(
              "see whether the controller may list pods there; its rules are manifests/base/rbac.yaml",
              "kubectl auth can-i list pods -n "
                  + namespace
                  + " --as system:serviceaccount:nodeqos-system:node-qos-controller"));
    }
    BlockedObject object =
        BlockedObject.of(gate.spec().kind(), blocker.object(), node, facts.seen().reserved());
    PodTrouble trouble = knowledge.pods().get(blocker.object());
    if (object.isPod()) {
      return List.of(
          trouble == null ? PodTrouble.events(namespace, own(blocker)) : trouble.advice());
    }
    if (!object.isDaemonSet()) {
      String selector = SelectorText.of(spec.selector());
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
    List<Advice> steps = new ArrayList<>();
    if (trouble != null) {
      steps.add(trouble.advice());
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

  private List<Advice> csiDriver(Blocker blocker) {
    return List.of(
        podsOfNode("find the pod of the driver " + blocker.object() + ", and look at its log"),
        Advice.command(
            "see the registered drivers",
            "kubectl get csinode " + node + " -o jsonpath='{.spec.drivers[*].name}'"));
  }

  private Advice podsOfNode(String text) {
    return Advice.command(
        text, "kubectl get pods -A -o wide --field-selector spec.nodeName=" + node);
  }

  private List<Advice> images() {
    Optional<SpinnerPod> failing = failingPull();
    if (failing.isPresent()) {
      SpinnerPod.Meta pod = failing.get().meta();
      return List.of(
          Advice.command(
              "see the answer of the registry",
              "kubectl -n " + pod.namespace() + " describe pod " + pod.name()));
    }
    return List.of(
        Advice.command(
            "see the pods that pull the images of the policy",
            "kubectl get pods -A -o wide -l " + Keys.SPINNER + "=" + imagePolicy()));
  }

  private String imagePolicy() {
    return facts.config().sources().getOrDefault(Section.IMAGES, "");
  }

  /** The pod that cannot pull an image of the policy. */
  Optional<SpinnerPod> failingPull() {
    return evidence().flatMap(ImageEvidence::failing);
  }

  /** A clause about a pull that does not fail, with what comes before it. */
  String pullState() {
    if (evidence().filter(ImageEvidence::wantsPull).isEmpty()) {
      return "";
    }
    if (!evidence().get().pods().isEmpty()) {
      return ", and is being pulled";
    }
    return imagePolicy().equals(facts.node().labels().get(Keys.IMAGES))
        ? ", and the pod that pulls it is not there yet"
        : ", and the node waits for its turn to pull it";
  }

  private Optional<ImageEvidence> evidence() {
    return ImageEvidence.of(
        new BootEvidence(facts.node(), facts.seen().memory().boot(), facts.seen().now()),
        facts.seen().reserved(),
        facts.config());
  }
}
