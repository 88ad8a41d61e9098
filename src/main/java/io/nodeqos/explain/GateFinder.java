// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.answer.Explanation.Cause;
import io.nodeqos.explain.answer.Explanation.Diagnosis;
import io.nodeqos.explain.answer.Explanation.Peers;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.gate.Blocker;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.spec.GateKind;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Explains closed gates. */
final class GateFinder {
  private static final int MAX_CAUSES = 5;

  private final NodeFacts facts;
  private final Map<String, PodTrouble> pods;
  private final ImagePull images;
  private final GateAdvice steps;
  private final PeerSearch peers;

  /**
   * @param pods as {@link Knowledge#pods}
   * @param controller namespace of the controller
   */
  GateFinder(NodeFacts facts, Map<String, PodTrouble> pods, PeerSearch peers, String controller) {
    this.facts = facts;
    this.pods = pods;
    this.images = ImagePull.of(facts);
    this.steps = new GateAdvice(facts, new PodSteps(facts, pods, controller), images);
    this.peers = peers;
  }

  private record Blocked(GateReading gate, Blocker blocker) {}

  /** With the way to give up waiting. */
  Finding findWaiting(List<GateReading> gates) {
    Finding found = find(gates);
    return steps.limit(blocked(gates).get(0).gate()).map(found::and).orElse(found);
  }

  /** Of gates of which at least one is closed. */
  Finding find(List<GateReading> gates) {
    List<Blocked> blocked = blocked(gates);
    List<Cause> causes = blocked.stream().limit(MAX_CAUSES).map(this::cause).toList();
    Blocked first = blocked.get(0);
    int more = blocked.size() - 1;
    String why =
        causes.get(0).message()
            + (first.blocker().isDeadlock() ? ", and the node waits for that pod" : "")
            + (more > 0 ? ", and " + more + (more == 1 ? " blocker more" : " blockers more") : "");
    List<Advice> advice = new ArrayList<>(steps.of(first.gate(), first.blocker()));
    blocked.stream()
        .skip(1)
        .filter(b -> b.gate() != first.gate())
        .limit(2)
        .forEach(b -> steps.of(b.gate(), b.blocker()).stream().findFirst().ifPresent(advice::add));
    String reason =
        first.blocker().isDeadlock()
            ? Reason.GATE_DEADLOCK.code()
            : first.gate().check().result().reason().code();
    Finding finding = new Finding(new Diagnosis(reason, why), causes, advice);
    return silentKubelet()
        .filter(ready -> first.gate().spec().kind() != GateKind.NODE_READY)
        .map(ready -> behind(ready, finding))
        .orElse(finding);
  }

  /** A deadlock first, as waiting cannot end it, then by age. */
  private static List<Blocked> blocked(List<GateReading> gates) {
    return gates.stream()
        .filter(gate -> !gate.isOpen())
        .flatMap(gate -> gate.check().result().blockers().stream().map(b -> new Blocked(gate, b)))
        .sorted(
            Comparator.comparing((Blocked b) -> !b.blocker().isDeadlock())
                .thenComparing(Blocked::blocker, Blocker.OLDEST_FIRST))
        .toList();
  }

  /**
   * The condition Ready of a node whose kubelet does not report: the node controller sets Unknown,
   * and all pods of the node to not Ready.
   */
  private Optional<NodeCondition> silentKubelet() {
    return facts
        .node()
        .condition("Ready")
        .filter(ready -> ready.status().equals(NodeCondition.UNKNOWN));
  }

  private Finding behind(NodeCondition ready, Finding finding) {
    return finding.because(
        Reason.NODE_NOT_READY.code(),
        "its kubelet has not reported since "
            + ready.lastTransitionTime().truncatedTo(ChronoUnit.SECONDS)
            + (ready.reason().isEmpty() ? "" : " (" + ready.reason() + ")")
            + ", so no gate of it can open: "
            + finding.diagnosis().why(),
        Advice.command(
            "see whether the machine runs and reaches the API server; the last report is in",
            "kubectl describe node " + facts.node().name()));
  }

  private Cause cause(Blocked blocked) {
    GateReading gate = blocked.gate();
    Blocker blocker = blocked.blocker();
    BlockedObject object =
        BlockedObject.of(
            gate.spec().kind(), blocker.object(), facts.node().name(), facts.seen().reserved());
    Optional<PodTrouble> trouble = Optional.ofNullable(pods.get(blocker.object()));
    Words words = words(gate, blocker, trouble);
    Peers same = peers.find(gate.check().name(), object);
    return new Cause(
        object.object(), gate.title(facts), words.reason, words.message, words.quote, same);
  }

  private record Words(String reason, String message, String quote) {}

  private Words words(GateReading gate, Blocker blocker, Optional<PodTrouble> trouble) {
    if (trouble.isPresent()) {
      String clause = trouble.get().words(facts.at());
      return new Words(
          trouble.get().reason(),
          blocker.text() + (clause.isEmpty() ? "" : ": " + clause),
          trouble.get().quote(facts.at()));
    }
    if (gate.spec().kind() == GateKind.IMAGES) {
      return images
          .failing(blocker)
          .map(SpinnerPod::waiting)
          .map(w -> new Words(w.reason(), blocker.text() + ": " + w.reason(), w.message()))
          .orElseGet(() -> new Words("", blocker.text() + images.state(blocker), ""));
    }
    Optional<NodeCondition> condition =
        gate.spec().kind() == GateKind.NODE_READY
            ? facts.node().condition("Ready")
            : gate.spec().kind() == GateKind.CONDITION
                ? facts.node().condition(blocker.object())
                : Optional.empty();
    return condition
        .map(
            c ->
                new Words(
                    c.reason(),
                    blocker.text() + (c.reason().isEmpty() ? "" : ": " + c.reason()),
                    c.message()))
        .orElseGet(() -> new Words("", blocker.text() + supplement(gate), ""));
  }

  /** A clause that the text of the gate does not have, with what comes before it. */
  private String supplement(GateReading gate) {
    return switch (gate.check().result().reason()) {
      case NAMESPACE_NOT_RESERVED -> ", or does not exist";
      case CSI_DRIVERS_MISSING ->
          facts.seen().reserved().csiDrivers().map(GateFinder::registered).orElse("");
      default -> "";
    };
  }

  private static String registered(Set<String> drivers) {
    return drivers.isEmpty()
        ? " on the node, and no other driver is"
        : " on the node, only " + String.join(", ", new TreeSet<>(drivers));
  }
}
