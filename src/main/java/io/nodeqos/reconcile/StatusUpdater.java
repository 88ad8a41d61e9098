// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.gate.Blocker;
import io.nodeqos.gate.GateResult.State;
import io.nodeqos.gate.Gates;
import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.gate.Subject;
import io.nodeqos.node.GoDuration;
import io.nodeqos.node.Keys;
import io.nodeqos.node.MetadataChange;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodePhase;
import io.nodeqos.node.NodePlan.Transition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.Taint;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.WarmUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which marks a node shall carry: startup taint, warm-up label and annotations, condition.
 * A pure function; the mark and the taint change in one patch.
 */
public final class StatusUpdater {
  private static final int MAX_MESSAGE = 8 * 1024;

  private final Gates gates;
  private final DampingSettings damping;

  public StatusUpdater(Gates gates, DampingSettings damping) {
    this.gates = gates;
    this.damping = damping;
  }

  Marks marks(
      NodeView node,
      ReservedState reserved,
      CompiledConfig config,
      WarmUp warmUp,
      NodeMemory memory,
      Instant now) {
    WarmUpMark mark = WarmUpMark.of(node);
    if (mark.state() == WarmUpMark.State.VALID) {
      return warm(node, warmUp, memory, now);
    }
    Verdict verdict =
        gates.check(new Subject(node, reserved, config, warmUp, startOf(node, now)), now);
    if (verdict.state() != State.OPEN) {
      return waiting(
          new Waiting(
              verdict.state() == State.WAITING ? NodeCondition.FALSE : NodeCondition.UNKNOWN,
              verdict.reason(),
              message(verdict.blockers()),
              verdict.nextTimeout()),
          new Situation(node, config, warmUp, mark, memory.withOpenSince(Optional.empty()), now));
    }
    Instant openSince = memory.openSince().orElse(now);
    Instant stableAt = openSince.plus(warmUp.stableFor());
    if (now.isBefore(stableAt)) {
      return waiting(
          new Waiting(
              NodeCondition.FALSE,
              Reason.STABILIZING,
              "All gates are open and must stay so for "
                  + GoDuration.format(warmUp.stableFor())
                  + ".",
              Optional.of(stableAt)),
          new Situation(
              node, config, warmUp, mark, memory.withOpenSince(Optional.of(openSince)), now));
    }
    return becomesWarm(node, warmUp, verdict.released(), memory, now);
  }

  private record Waiting(
      String status, Reason reason, String message, Optional<Instant> checkAgainAt) {}

  private record Situation(
      NodeView node,
      CompiledConfig config,
      WarmUp warmUp,
      WarmUpMark mark,
      NodeMemory memory,
      Instant now) {}

  /** Already marked: only what somebody else changed since is put right. */
  private Marks warm(NodeView node, WarmUp warmUp, NodeMemory memory, Instant now) {
    MetadataChange metadata =
        metadata(Map.of(), Map.of(), Set.of(), Set.of(), untainted(node, warmUp));
    Optional<NodeCondition> current = node.condition(Keys.WARMED_UP_CONDITION);
    boolean isTrue = current.map(NodeCondition::isTrue).orElse(false);
    String message =
        current.filter(c -> isTrue).map(NodeCondition::message).orElse(warmMessage(List.of()));
    return new Marks(
        NodePhase.WARM,
        Reason.WARMED_UP.code(),
        message,
        metadata,
        isTrue
            ? Optional.empty()
            : Optional.of(condition(node, NodeCondition.TRUE, Reason.WARMED_UP, message, now)),
        List.of(),
        memory,
        Optional.empty());
  }

  private Marks becomesWarm(
      NodeView node, WarmUp warmUp, List<String> released, NodeMemory memory, Instant now) {
    String message = warmMessage(released);
    return new Marks(
        NodePhase.WARM,
        Reason.WARMED_UP.code(),
        message,
        metadata(
            Map.of(Keys.WARMED_UP, "true"),
            Map.of(
                Keys.WARMED_UP_FOR, WarmUpMark.incarnation(node),
                Keys.WARMED_UP_AT, now.toString()),
            Set.of(),
            Set.of(),
            untainted(node, warmUp)),
        Optional.of(condition(node, NodeCondition.TRUE, Reason.WARMED_UP, message, now)),
        List.of(Transition.WARMUP_DONE),
        memory.withOpenSince(Optional.empty()),
        Optional.empty());
  }

  private Marks waiting(Waiting waiting, Situation s) {
    boolean isVoid = s.mark().state() == WarmUpMark.State.VOID;
    Optional<NodeCondition> before = s.node().condition(Keys.WARMED_UP_CONDITION);
    boolean newWording =
        before.isEmpty()
            || !before.get().status().equals(waiting.status())
            || !before.get().reason().equals(waiting.reason().code())
            || !before.get().message().equals(waiting.message());
    boolean wasWaiting = before.isPresent() && !before.get().isTrue();
    Optional<Instant> mayWriteAt =
        wasWaiting
            ? s.memory().wordingSince().map(t -> t.plus(damping.conditionWording()))
            : Optional.empty();
    boolean damped = mayWriteAt.isPresent() && s.now().isBefore(mayWriteAt.get());
    List<Transition> transitions = new ArrayList<>();
    if (isVoid && before.map(NodeCondition::isTrue).orElse(false)) {
      transitions.add(Transition.WARMUP_LOST);
    }
    if (!wasWaiting) {
      transitions.add(Transition.WARMUP_STARTED);
    }
    return new Marks(
        NodePhase.WAITING,
        waiting.reason().code(),
        waiting.message(),
        metadata(
            Map.of(),
            Map.of(),
            isVoid ? Set.of(Keys.WARMED_UP) : Set.of(),
            isVoid ? present(s.node(), Keys.WARMED_UP_FOR, Keys.WARMED_UP_AT) : Set.of(),
            mustTaint(s, isVoid) ? tainted(s.node(), s.warmUp()) : Optional.empty()),
        newWording && !damped
            ? Optional.of(
                condition(s.node(), waiting.status(), waiting.reason(), waiting.message(), s.now()))
            : Optional.empty(),
        List.copyOf(transitions),
        s.memory(),
        newWording && damped
            ? earlier(waiting.checkAgainAt(), mayWriteAt)
            : waiting.checkAgainAt());
  }

  /**
   * New nodes, and those that start again after a reboot. An older untainted node gets the mark
   * when its gates hold, never a taint: its pods are tenants already.
   */
  private static boolean mustTaint(Situation s, boolean isVoid) {
    return s.warmUp().taintNewNodes()
        && (isVoid || s.node().meta().createdAt().isAfter(s.config().warmUpSince()));
  }

  /** Kept in the condition itself, so that it survives a fail-over. */
  private static Instant startOf(NodeView node, Instant now) {
    return node.condition(Keys.WARMED_UP_CONDITION)
        .filter(c -> !c.isTrue() && !c.lastTransitionTime().equals(Instant.EPOCH))
        .map(NodeCondition::lastTransitionTime)
        .orElse(now);
  }

  private static String message(List<Blocker> blockers) {
    String text =
        "Waiting for "
            + blockers.size()
            + (blockers.size() == 1 ? " thing: " : " things: ")
            + blockers.stream().map(Blocker::text).collect(Collectors.joining("; "))
            + ".";
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
  }

  private static String warmMessage(List<String> released) {
    return released.isEmpty()
        ? "All gates are open."
        : "Released after their timeout: " + String.join(", ", released) + ".";
  }

  private static NodeCondition condition(
      NodeView node, String status, Reason reason, String message, Instant now) {
    Instant since =
        node.condition(Keys.WARMED_UP_CONDITION)
            .filter(c -> c.status().equals(status))
            .map(NodeCondition::lastTransitionTime)
            .orElse(now);
    return new NodeCondition(Keys.WARMED_UP_CONDITION, status, reason.code(), message, since);
  }

  private static Optional<List<Taint>> untainted(NodeView node, WarmUp warmUp) {
    List<Taint> others =
        node.taints().stream().filter(t -> !t.key().equals(warmUp.taintKey())).toList();
    return others.size() == node.taints().size() ? Optional.empty() : Optional.of(others);
  }

  private static Optional<List<Taint>> tainted(NodeView node, WarmUp warmUp) {
    if (node.taints().stream().anyMatch(t -> t.key().equals(warmUp.taintKey()))) {
      return Optional.empty();
    }
    List<Taint> all = new ArrayList<>(node.taints());
    all.add(Taint.of(warmUp.taintKey(), Keys.STARTUP_TAINT_EFFECT));
    return Optional.of(all);
  }

  private static Set<String> present(NodeView node, String... annotations) {
    return Set.of(annotations).stream()
        .filter(node.annotations()::containsKey)
        .collect(Collectors.toSet());
  }

  private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
    return a.isPresent() && b.isPresent() && b.get().isBefore(a.get()) || a.isEmpty() ? b : a;
  }

  private static MetadataChange metadata(
      Map<String, String> setLabels,
      Map<String, String> setAnnotations,
      Set<String> removeLabels,
      Set<String> removeAnnotations,
      Optional<List<Taint>> taints) {
    return new MetadataChange(setLabels, removeLabels, setAnnotations, removeAnnotations, taints);
  }
}
