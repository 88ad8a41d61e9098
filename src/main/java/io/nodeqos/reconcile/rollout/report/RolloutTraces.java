// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout.report;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.telemetry.tracing.RolloutTrace;
import io.nodeqos.telemetry.tracing.RolloutTrace.End;
import io.nodeqos.telemetry.tracing.RolloutTrace.NodeWrite;
import io.nodeqos.telemetry.tracing.RolloutTrace.Outcome;
import io.nodeqos.telemetry.tracing.RolloutTrace.Part;
import io.nodeqos.telemetry.tracing.RolloutTrace.Subject;
import io.nodeqos.telemetry.tracing.Tracing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Exports the trace of each rollout, part by part. Used by one thread at a time. */
final class RolloutTraces {
  /** Another revision, or the stable one again, took its place. */
  private static final String REPLACED = "Replaced";

  private final Tracing tracing;
  private final RolloutSightings sightings;

  RolloutTraces(Tracing tracing, RolloutSightings sightings) {
    this.tracing = tracing;
    this.sightings = sightings;
  }

  /**
   * A transition was written.
   *
   * @return the id of the trace of the rollout; empty if it is not kept
   */
  String changed(
      PolicyObject.Meta policy,
      Optional<RolloutState> before,
      RolloutState now,
      Instant at,
      long epoch) {
    Optional<RolloutState> present = before.filter(b -> b.isOfSameRolloutAs(now));
    before
        .filter(b -> present.isEmpty() && b.phase().isUnderWay())
        .ifPresent(b -> tracing.rollout(replaced(policy, b, at, epoch)));
    if (now.progress().step() == 0) {
      return "";
    }
    List<Part> parts = present.flatMap(b -> part(policy.name(), b, now, at)).stream().toList();
    Optional<End> end =
        present
            .filter(b -> b.phase().isUnderWay() && !now.phase().isUnderWay())
            .map(b -> end(now, now.phase().text(), at));
    return tracing.rollout(
        new RolloutTrace(subject(policy, present.orElse(now), epoch), parts, end));
  }

  private static Subject subject(PolicyObject.Meta policy, RolloutState state, long epoch) {
    return new Subject(
        policy.name(),
        policy.uid(),
        state.revisions().stable(),
        state.revisions().target(),
        state.progress().startedAt(),
        epoch);
  }

  private RolloutTrace replaced(
      PolicyObject.Meta policy, RolloutState before, Instant at, long epoch) {
    RolloutState last = before.in(before.phase(), REPLACED, "");
    Part part =
        before.phase() == RolloutPhase.ROLLING_BACK
            ? wayBack(policy.name(), before, last, at)
            : step(policy.name(), before, last, at);
    return new RolloutTrace(
        subject(policy, before, epoch), List.of(part), Optional.of(end(last, REPLACED, at)));
  }

  /** The part that this transition ends. */
  private Optional<Part> part(String policy, RolloutState before, RolloutState now, Instant at) {
    if (before.phase() == RolloutPhase.ROLLING_BACK) {
      return now.phase() == RolloutPhase.ROLLING_BACK
          ? Optional.empty()
          : Optional.of(wayBack(policy, before, now, at));
    }
    boolean isNextStep = now.progress().step() != before.progress().step();
    if (!before.phase().isUnderWay() || (!isNextStep && isWithinStep(now.phase()))) {
      return Optional.empty();
    }
    return Optional.of(step(policy, before, now, isNextStep ? now.progress().stepSince() : at));
  }

  private static boolean isWithinStep(RolloutPhase phase) {
    return phase.isUnderWay() && !phase.isBack();
  }

  private Part step(String policy, RolloutState before, RolloutState now, Instant end) {
    Progress progress = before.progress();
    String target = before.revisions().target();
    return new Part(
        "step " + progress.step(),
        progress.stepSince(),
        end,
        progress.healthySince(),
        outcome(progress.step(), now, failure(now)),
        failedFirst(
            sightings.take(policy, progress.stepSince(), w -> w.to().equals(target)),
            now.failed()));
  }

  private Part wayBack(String policy, RolloutState before, RolloutState now, Instant at) {
    Instant begin = sightings.backSince(policy).orElseGet(() -> lastFailure(before));
    String target = before.revisions().target();
    return new Part(
        "roll back",
        begin,
        at,
        Optional.empty(),
        outcome(before.progress().step(), now, ""),
        failedFirst(
            sightings.take(policy, begin, w -> w.from().equals(target) && !w.to().equals(target)),
            now.failed()));
  }

  /** For a process that has not seen the turn: the last failure came before. */
  private static Instant lastFailure(RolloutState state) {
    return state.failed().stream()
        .map(Failure::at)
        .max(Comparator.naturalOrder())
        .orElse(state.progress().stepSince());
  }

  private static Outcome outcome(int step, RolloutState now, String failure) {
    Counts counts = now.counts();
    return new Outcome(step, counts.updated(), counts.failed(), now.reason(), failure);
  }

  private static End end(RolloutState now, String phase, Instant at) {
    return new End(at, phase, now.progress().steps(), now.counts().nodes(), failure(now));
  }

  private static String failure(RolloutState now) {
    return now.phase().isBack() ? now.message() : "";
  }

  /** A span keeps its first links only. */
  private static List<NodeWrite> failedFirst(List<NodeWrite> all, List<Failure> failed) {
    Set<String> names = failed.stream().map(Failure::node).collect(Collectors.toSet());
    List<NodeWrite> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(write -> !names.contains(write.node())));
    return sorted;
  }
}
