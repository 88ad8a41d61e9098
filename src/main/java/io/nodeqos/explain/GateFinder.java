// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.Explanation.Advice;
import io.nodeqos.explain.Explanation.Cause;
import io.nodeqos.explain.Explanation.Diagnosis;
import io.nodeqos.explain.Explanation.Peers;
import io.nodeqos.gate.Blocker;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.Reason;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.GateKind;
import io.nodeqos.policy.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Explains closed gates. */
final class GateFinder {
  private static final int MAX_CAUSES = 5;

  private final NodeFacts facts;
  private final Knowledge knowledge;
  private final GateAdvice steps;
  private final PeerSearch peers;

  GateFinder(NodeFacts facts, Knowledge knowledge) {
    this.facts = facts;
    this.knowledge = knowledge;
    this.steps = new GateAdvice(facts, knowledge);
    this.peers =
        new PeerSearch(
            knowledge.fleet(),
            facts.node(),
            facts.config().sources().getOrDefault(Section.WARM_UP, ""));
  }

  private record Blocked(GateReading gate, Blocker blocker) {}

  /** With the way to give up waiting. */
  Finding findWaiting(List<GateReading> gates) {
    Finding found = find(gates);
    return gates.stream()
        .filter(gate -> !gate.isOpen())
        .findFirst()
        .flatMap(steps::limit)
        .map(found::and)
        .orElse(found);
  }

  /** Of gates of which at least one is closed. */
  Finding find(List<GateReading> gates) {
    List<Blocked> blocked =
        gates.stream()
            .filter(gate -> !gate.isOpen())
            .flatMap(
                gate -> gate.check().result().blockers().stream().map(b -> new Blocked(gate, b)))
            .sorted(
                Comparator.comparing((Blocked b) -> !b.blocker().isDeadlock())
                    .thenComparing(Blocked::blocker, Blocker.OLDEST_FIRST))
            .toList();
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
    return new Finding(
        new Diagnosis(
            first.blocker().isDeadlock()
                ? Reason.GATE_DEADLOCK.code()
                : first.gate().check().result().reason().code(),
            why),
        causes,
        advice);
  }

  private Cause cause(Blocked blocked) {
    GateReading gate = blocked.gate();
    Blocker blocker = blocked.blocker();
    BlockedObject object =
        BlockedObject.of(
            gate.spec().kind(), blocker.object(), facts.node().name(), facts.seen().reserved());
    Optional<PodTrouble> trouble = Optional.ofNullable(knowledge.pods().get(blocker.object()));
    Words words = words(gate, blocker, trouble);
    Peers same = peers.find(gate.check().name(), object);
    return new Cause(
        object.object(),
        gate.gate(facts, Optional.empty()).title(),
        words.reason,
        words.message,
        words.quote,
        same);
  }

  private record Words(String reason, String message, String quote) {}

  private Words words(GateReading gate, Blocker blocker, Optional<PodTrouble> trouble) {
    if (trouble.isPresent()) {
      String clause = trouble.get().words(facts.at());
      return new Words(
          trouble.get().reason(),
          blocker.text() + (clause.isEmpty() ? "" : ": " + clause),
          trouble.get().quote());
    }
    if (gate.spec().kind() == GateKind.IMAGES) {
      return steps
          .failingPull()
          .map(SpinnerPod::waiting)
          .map(w -> new Words(w.reason(), blocker.text() + ": " + w.reason(), w.message()))
          .orElseGet(() -> new Words("", blocker.text() + steps.pullState(), ""));
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
        .orElseGet(() -> new Words("", blocker.text() + registered(gate), ""));
  }

  /** The CSI drivers that the node has instead, as a clause. */
  private String registered(GateReading gate) {
    Optional<Set<String>> drivers = facts.seen().reserved().csiDrivers();
    if (gate.spec().kind() != GateKind.CSI_DRIVER || drivers.isEmpty()) {
      return "";
    }
    return drivers.get().isEmpty()
        ? " on the node, nor is any other"
        : " on the node, only " + String.join(", ", new TreeSet<>(drivers.get()));
  }
}
