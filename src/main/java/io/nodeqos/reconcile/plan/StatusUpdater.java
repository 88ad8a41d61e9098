// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.GateResult.State;
import io.nodeqos.gate.Gates;
import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.Reason;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.node.value.Instants;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.spec.WarmUp;
import io.nodeqos.policy.spec.WarmUp.Mode;
import io.nodeqos.reconcile.DampingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides the marks of a node: startup taint, warm-up label and annotations, condition. A pure
 * function; the mark and the taint change in one patch.
 */
public final class StatusUpdater {
  private final Gates gates;
  private final Supplier<DampingSettings> damping;

  public StatusUpdater(Gates gates, Supplier<DampingSettings> damping) {
    this.gates = gates;
    this.damping = damping;
  }

  WarmUpPlan plan(WarmUpRequest r, Instant now) {
    if (r.isWarm()) {
      return warm(r, now);
    }
    Instant begin = r.begin(now);
    Verdict verdict = gates.check(r.gateInput(now), now);
    WarmUpTimes times = WarmUpTimeline.next(r.memory().warmUp(), begin, verdict.checks(), now);
    NodeMemory memory = r.memory().withWarmUp(Optional.of(times)).withClosedSince(Map.of());
    if (verdict.state() != State.OPEN) {
      return waiting(r, Waiting.forGates(verdict), memory.withOpenSince(Optional.empty()), now);
    }
    Instant openSince = r.memory().openSince().orElse(now);
    Instant stableAt = openSince.plus(r.warmUp().stableFor());
    NodeMemory open =
        memory
            .withOpenSince(Optional.of(openSince))
            .withWarmUp(Optional.of(times.withStableSince(stableSince(r.warmUp(), openSince))));
    return now.isBefore(stableAt)
        ? waiting(r, Waiting.forCalm(r.warmUp(), stableAt), open, now)
        : becomesWarm(r, verdict.released(), open, now);
  }

  /** The plan for a node without a valid mark that cannot become warm, independent of its gates. */
  WarmUpPlan held(WarmUpRequest r, Reason why, String message, Instant now) {
    return waiting(
        r, Waiting.because(why, message), r.memory().withOpenSince(Optional.empty()), now);
  }

  private static Optional<Instant> stableSince(WarmUp warmUp, Instant openSince) {
    return warmUp.stableFor().isZero() ? Optional.empty() : Optional.of(openSince);
  }

  /** Already marked: it stays so, but in mode Continuous only while no gate closes again. */
  private WarmUpPlan warm(WarmUpRequest r, Instant now) {
    String message =
        r.condition()
            .current()
            .filter(NodeCondition::isTrue)
            .map(c -> ReleasedGates.in(WriteRefusal.without(c.message())).message())
            .orElse(warmMessage(List.of()));
    if (r.warmUp().mode() == Mode.BOOTSTRAP) {
      return staysWarm(r, message, new ClosedGates(Map.of()), now);
    }
    Verdict verdict = gates.check(r.gateInput(now), now);
    ReleasedGates released = ReleasedGates.in(message).notYetOpen(verdict.checks());
    ClosedGates closed =
        ClosedGates.next(
            r.memory().closedSince(), r.node(), verdict.checks(), released.names(), now);
    boolean due = closed.dueAt(r.warmUp().stableFor()).filter(at -> !now.isBefore(at)).isPresent();
    return due ? loses(r, verdict, closed, now) : staysWarm(r, released.message(), closed, now);
  }

  /** Reverts only changes of other writers. */
  private WarmUpPlan staysWarm(WarmUpRequest r, String message, ClosedGates closed, Instant now) {
    NodeCondition wanted =
        r.condition().with(NodeCondition.TRUE, Reason.WARMED_UP, message, r.wall(now));
    return new WarmUpPlan(
        Summary.of(NodePhase.WARM).because(Reason.WARMED_UP.code(), message),
        WarmUpMark.withoutStart(r.node()).withTaints(r.taint().takenOff(r.node())),
        r.condition().says(wanted) ? Optional.empty() : Optional.of(wanted),
        List.of(),
        r.memory()
            .withOpenSince(Optional.empty())
            .withWarmUp(Optional.empty())
            .withClosedSince(closed.since()),
        closed.dueAt(r.warmUp().stableFor()));
  }

  /**
   * A gate has been closed for long enough: one patch removes the mark and adds the taint, on an
   * old node as well. The closed gates are remembered until the change is seen: the brake may hold
   * it, or the write may fail.
   */
  private WarmUpPlan loses(WarmUpRequest r, Verdict verdict, ClosedGates closed, Instant now) {
    WarmUpStart start = r.start(now);
    WarmUpPlan waiting =
        waiting(
            r,
            Waiting.forGates(verdict),
            r.memory()
                .withOpenSince(Optional.empty())
                .withWarmUp(
                    Optional.of(
                        WarmUpTimeline.next(Optional.empty(), r.begin(now), verdict.checks(), now)))
                .withClosedSince(closed.since()),
            now);
    return waiting.losing(
        start.recordIn(WarmUpMark.taken(r.node()).withTaints(r.taint().putOn(r.node())), r.node()),
        PlannedTransition.GATE_LOST);
  }

  /** Remembers since when the gates are open until the mark is seen: the write may still fail. */
  private WarmUpPlan becomesWarm(
      WarmUpRequest r, List<String> released, NodeMemory memory, Instant now) {
    String message = warmMessage(released);
    return new WarmUpPlan(
        Summary.of(NodePhase.WARM).because(Reason.WARMED_UP.code(), message),
        WarmUpMark.on(r.node(), r.wall(now)).withTaints(r.taint().takenOff(r.node())),
        Optional.of(r.condition().with(NodeCondition.TRUE, Reason.WARMED_UP, message, r.wall(now)))
            .filter(wanted -> !r.condition().says(wanted)),
        released.isEmpty()
            ? List.of(PlannedTransition.WARMUP_DONE)
            : List.of(PlannedTransition.WARMUP_TIMED_OUT, PlannedTransition.WARMUP_DONE),
        memory,
        Optional.empty());
  }

  private WarmUpPlan waiting(WarmUpRequest r, Waiting waiting, NodeMemory memory, Instant now) {
    NodeCondition wanted =
        r.condition().with(waiting.status(), waiting.reason(), waiting.message(), r.wall(now));
    boolean isNew = !r.condition().says(wanted);
    Optional<Instant> mayWriteAt =
        r.memory()
            .wordingSince()
            .filter(since -> r.condition().isWaiting())
            .map(since -> since.plus(damping.get().conditionWording()));
    boolean damped = mayWriteAt.isPresent() && now.isBefore(mayWriteAt.get());
    return new WarmUpPlan(
        Summary.of(NodePhase.WAITING)
            .because(waiting.reason().code(), waiting.message())
            .withDeadlocks(waiting.deadlocks()),
        r.start(now).recordIn(r.mark().voided(r.node()).withTaints(missingTaint(r)), r.node()),
        isNew && !damped ? Optional.of(wanted) : Optional.empty(),
        transitions(r, isNew && !damped ? waiting.reason() : Reason.WARMED_UP),
        memory,
        isNew && damped
            ? Instants.earliest(waiting.checkAgainAt(), mayWriteAt)
            : waiting.checkAgainAt());
  }

  /**
   * A node that was created after the policy keeps tenants off until it is warm, and again after a
   * reboot. An older one gets the mark when its gates hold, never a taint: it has tenants already.
   * Each one from which a closed gate has taken the mark keeps them off.
   */
  private static Optional<List<Taint>> missingTaint(WarmUpRequest r) {
    boolean isYounger = r.node().meta().createdAt().isAfter(r.config().warmUpSince());
    return r.warmUp().taintNewNodes() && isYounger || WarmUpMark.isTakenFrom(r.node())
        ? r.taint().putOn(r.node())
        : r.taint().inPlaceOfFormer(r.node());
  }

  /**
   * @param reason the reason that the condition gets, or another reason when the condition stays
   */
  private static List<PlannedTransition> transitions(WarmUpRequest r, Reason reason) {
    List<PlannedTransition> transitions = new ArrayList<>();
    if (r.mark().state() == WarmUpMark.State.VOID && r.condition().isTrue()) {
      transitions.add(PlannedTransition.WARMUP_LOST);
    }
    if (!r.condition().isWaiting()) {
      transitions.add(PlannedTransition.WARMUP_STARTED);
    }
    if (reason == Reason.GATE_DEADLOCK && !r.condition().hasReason(reason)) {
      transitions.add(PlannedTransition.GATE_DEADLOCK);
    }
    return List.copyOf(transitions);
  }

  private static String warmMessage(List<String> released) {
    return new ReleasedGates(released).message();
  }
}
