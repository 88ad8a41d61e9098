// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.gate.Blocker;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp.OnTimeout;
import io.nodeqos.policy.spec.WarmUp.ReservedPods;
import java.util.List;
import java.util.Optional;

/** The next steps for a closed gate. */
final class GateAdvice {
  private final NodeFacts facts;
  private final PodSteps pods;
  private final ImagePull images;
  private final String node;

  GateAdvice(NodeFacts facts, PodSteps pods, ImagePull images) {
    this.facts = facts;
    this.pods = pods;
    this.images = images;
    this.node = facts.node().name();
  }

  /** For one blocker, the most useful first; never empty. */
  List<Advice> of(GateReading gate, Blocker blocker) {
    return switch (gate.spec().kind()) {
      case RESERVED_PODS -> pods.of(gate, (ReservedPods) gate.spec(), blocker);
      case CSI_DRIVER -> csiDriver(blocker);
      case IMAGES -> images.steps(blocker);
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

  /** A timeout for a gate that has none, or one that opens the gate; empty if it has both. */
  Optional<Advice> limit(GateReading gate) {
    boolean isLimited = gate.spec().timing().timeout().isPresent();
    if (isLimited && gate.spec().timing().onTimeout() == OnTimeout.RELEASE) {
      return Optional.empty();
    }
    String path = "/spec/warmUp/" + gate.pointer();
    return Optional.of(
        Advice.command(
            "or "
                + (isLimited ? "open this gate after its timeout" : "give this gate a limit")
                + ", for all nodes of the policy ("
                + gate.title(facts)
                + ")",
            "kubectl patch nqp "
                + policy()
                + " --type json -p '["
                + (isLimited ? "" : add(path + "/timeout", "15m") + ",")
                + add(path + "/onTimeout", "Release")
                + "]'"));
  }

  private static String add(String path, String value) {
    return "{\"op\":\"add\",\"path\":\"" + path + "\",\"value\":\"" + value + "\"}";
  }

  private String policy() {
    return facts.config().sources().getOrDefault(Section.WARM_UP, "");
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
}
