// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutSpec.Pause;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides about a rollout: a pure function of its input. It is asked again and again; each answer
 * is the next record and the next moves.
 */
final class RolloutPlanner {
  private final RolloutInput in;
  private final String target;
  private final List<RolloutNode> on;
  private final NextMoves next;
  private final RolloutHold hold;

  private RolloutPlanner(RolloutInput in) {
    this.in = in;
    this.target = in.revisions().target();
    this.on = in.nodes().stream().filter(n -> n.isOn(target)).toList();
    this.next = new NextMoves(in);
    this.hold = new RolloutHold(in, on);
  }

  static RolloutDecision decide(RolloutInput in) {
    return new RolloutPlanner(in).decide();
  }

  private RolloutDecision decide() {
    RolloutState state = present();
    if (state.phase().isBack()) {
      return back(state);
    }
    state = promoted(state);
    Optional<RolloutState> held = hold.of(state);
    if (held.isPresent()) {
      return RolloutDecision.of(held.get());
    }
    return forward(state);
  }

  /** The written record with new counts; that of a new rollout when it is about another one. */
  private RolloutState present() {
    Optional<RolloutState> same =
        in.written()
            .filter(s -> s.revisions().equals(in.revisions()))
            .filter(s -> s.phase() != RolloutPhase.COMPLETE)
            .filter(s -> s.progress().step() > 0);
    Optional<RolloutState> goesOn = same.filter(s -> !isRetried(s));
    RolloutState state = goesOn.map(this::within).orElseGet(this::started);
    // A request counts once: one that is there at the start is about an earlier try.
    String handled =
        goesOn
            .filter(s -> !in.request().text().isEmpty())
            .map(RolloutState::handled)
            .orElse(in.request().text());
    return counted(
        new RolloutState(
            state.phase(),
            in.revisions(),
            state.progress(),
            state.counts(),
            state.failed(),
            state.reason(),
            state.message(),
            handled));
  }

  private boolean isRetried(RolloutState state) {
    return state.phase().isBack()
        && in.request().retries(target)
        && !in.request().text().equals(state.handled());
  }

  private RolloutState started() {
    int steps = in.spec().steps().size();
    return new RolloutState(
        RolloutPhase.PROGRESSING,
        in.revisions(),
        new Progress(1, steps, 0, in.now(), in.now(), Optional.empty()),
        Counts.NONE,
        List.of(),
        "",
        "",
        "");
  }

  /** An edit may have removed steps. Without a promotion nobody has accepted a failure. */
  private RolloutState within(RolloutState state) {
    Progress p = state.progress();
    int steps = in.spec().steps().size();
    return state.with(
        new Progress(
            Math.min(p.step(), steps),
            steps,
            p.promoted(),
            p.promoted() == 0 ? 0 : p.accepted(),
            p.startedAt(),
            p.stepSince(),
            p.healthySince()));
  }

  private RolloutState counted(RolloutState state) {
    List<Failure> failed =
        on.stream()
            .flatMap(n -> n.health().failure().stream())
            .sorted(Comparator.comparing(Failure::at).thenComparing(Failure::node))
            .toList();
    int updated = (int) in.nodes().stream().filter(n -> n.hasSettledOn(target)).count();
    int healthy = (int) on.stream().filter(n -> n.isHealthyOn(target)).count();
    int control =
        (int)
            in.nodes().stream()
                .filter(n -> !n.isOn(target))
                .filter(n -> n.health().failed())
                .count();
    boolean keepsFailures = state.phase().isBack();
    return state.with(
        new Counts(
            in.nodes().size(),
            wanted(state.progress().step()),
            updated,
            healthy,
            keepsFailures ? state.counts().failed() : failed.size(),
            keepsFailures ? state.counts().controlFailed() : control),
        keepsFailures ? state.failed() : failed.stream().limit(RolloutState.MAX_FAILED).toList());
  }

  /**
   * The person who promotes has seen the nodes that have failed so far: they do not count again.
   */
  private RolloutState promoted(RolloutState state) {
    if (in.request().text().equals(state.handled())) {
      return state;
    }
    int step =
        in.request().promotedStep(target).map(s -> Math.min(s, in.spec().steps().size())).orElse(0);
    Progress p = state.progress();
    return step <= p.promoted()
        ? state
        : state.with(
            new Progress(
                p.step(),
                p.steps(),
                step,
                state.counts().failed(),
                p.startedAt(),
                p.stepSince(),
                p.healthySince()));
  }

  private RolloutDecision forward(RolloutState state) {
    Progress progress = state.progress();
    int wanted = state.counts().wanted();
    Map<String, String> moves = next.forward(wanted);
    int arriving = next.arriving();
    if (!moves.isEmpty() || on.size() < wanted || arriving > 0 || !next.strays().isEmpty()) {
      return new RolloutDecision(
          state
              .with(progress.unhealthy())
              .in(RolloutPhase.PROGRESSING, "Updating", RolloutText.updating(state, arriving)),
          moves);
    }
    Instant healthySince = progress.healthySince().orElse(in.now());
    RolloutState healthy = state.with(progress.healthy(healthySince));
    if (progress.promoted() >= progress.step()) {
      return RolloutDecision.of(afterStep(healthy));
    }
    Duration soaked = Duration.between(healthySince, in.now());
    Duration left = in.spec().health().soak().minus(soaked);
    if (left.compareTo(Duration.ZERO) > 0) {
      return RolloutDecision.of(
          healthy.in(
              RolloutPhase.SOAKING, "Soaking", RolloutText.soaking(healthy, in.spec().health())));
    }
    return RolloutDecision.of(afterSoak(healthy, left.negated()));
  }

  /**
   * @param over the time since the end of the soak
   */
  private RolloutState afterSoak(RolloutState state, Duration over) {
    Optional<Pause> pause = in.spec().step(state.progress().step()).pause();
    if (pause.isEmpty()) {
      return afterStep(state);
    }
    Optional<Duration> duration = pause.get().duration();
    if (duration.isEmpty()) {
      return state.in(RolloutPhase.PAUSED, "AwaitsPromotion", RolloutText.awaitsPromotion(state));
    }
    return duration.get().compareTo(over) > 0
        ? state.in(RolloutPhase.SOAKING, "StepPause", RolloutText.stepPause(state, duration.get()))
        : afterStep(state);
  }

  private RolloutState afterStep(RolloutState state) {
    Progress p = state.progress();
    if (p.step() < p.steps()) {
      RolloutState counted =
          counted(
              state.with(
                  new Progress(
                      p.step() + 1,
                      p.steps(),
                      p.promoted(),
                      p.accepted(),
                      p.startedAt(),
                      in.now(),
                      Optional.empty())));
      return counted.in(RolloutPhase.PROGRESSING, "Updating", RolloutText.updating(counted, 0));
    }
    return new RolloutState(
        RolloutPhase.COMPLETE,
        new Revisions(target, in.generation(), target),
        p,
        state.counts(),
        List.of(),
        "Complete",
        RolloutText.complete(state, Duration.between(p.startedAt(), in.now())),
        state.handled());
  }

  private RolloutDecision back(RolloutState state) {
    boolean isFrozen = in.suspended() && !on.isEmpty();
    if (next.isBack()) {
      return RolloutDecision.of(
          state.phase() == RolloutPhase.ROLLED_BACK || isFrozen
              ? state
              : state.in(RolloutPhase.ROLLED_BACK, "RolledBack", RolloutText.rolledBack(state)));
    }
    return new RolloutDecision(
        state.phase() == RolloutPhase.ROLLED_BACK
            ? state
            : state.in(RolloutPhase.ROLLING_BACK, "TooManyFailed", state.message()),
        next.back());
  }

  private int wanted(int step) {
    return in.spec().step(step).nodes().ceilingOf(in.nodes().size());
  }
}
