// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout.report;

import io.nodeqos.events.QosEvent;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Counts;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import io.nodeqos.reconcile.EventPublisher;
import java.util.Optional;
import java.util.Set;

/** Publishes the transitions of rollouts that an operator wants to know. */
final class RolloutEvents {
  /** Reasons of a pause that nodes have caused. */
  private static final Set<String> FAILING = Set.of("TooManyFailed", "ClusterTrouble");

  private final EventPublisher events;

  RolloutEvents(EventPublisher events) {
    this.events = events;
  }

  private record News(QosEvent.Type type, String message) {}

  /**
   * A transition was written.
   *
   * @param traceId of the rollout; empty for none
   */
  void changed(
      PolicyObject.Meta policy, Optional<RolloutState> before, RolloutState now, String traceId) {
    news(before, now)
        .ifPresent(news -> events.policy(news.type(), policy, news.message(), traceId));
  }

  private static Optional<News> news(Optional<RolloutState> before, RolloutState now) {
    Optional<RolloutState> present = before.filter(b -> b.isOfSameRolloutAs(now));
    if (now.phase() == RolloutPhase.COMPLETE) {
      return before.filter(b -> b.phase() != RolloutPhase.COMPLETE).map(b -> complete(b, now));
    }
    if (present.isEmpty()) {
      return Optional.of(started(before, now));
    }
    RolloutState last = present.get();
    if (last.phase() != now.phase() && !isGoingOn(now)) {
      return Optional.of(stopped(now));
    }
    if (now.progress().step() > last.progress().step()) {
      return Optional.of(stepDone(last, now));
    }
    return Optional.of(now)
        .filter(s -> last.phase() == RolloutPhase.PAUSED && isGoingOn(s))
        .map(s -> resumed(now));
  }

  private static boolean isGoingOn(RolloutState state) {
    return state.phase() == RolloutPhase.PROGRESSING || state.phase() == RolloutPhase.SOAKING;
  }

  private static News started(Optional<RolloutState> before, RolloutState now) {
    String target = now.revisions().target();
    boolean isAgain =
        before
            .filter(b -> b.phase() != RolloutPhase.COMPLETE)
            .filter(b -> b.revisions().target().equals(target))
            .isPresent();
    String instead =
        before
            .filter(b -> b.phase().isUnderWay() && !b.revisions().target().equals(target))
            .map(b -> ", instead of that of revision " + b.revisions().target())
            .orElse("");
    String stable = now.revisions().stable();
    return new News(
        QosEvent.Type.ROLLOUT_STARTED,
        "The rollout of revision %s begins%s%s: %s, %s. %s."
            .formatted(
                target,
                isAgain ? " again" : "",
                instead,
                plural(now.counts().nodes(), "node"),
                plural(now.progress().steps(), "step"),
                stable.isEmpty()
                    ? "No revision is stable yet"
                    : "Revision " + stable + " is stable"));
  }

  private static News stopped(RolloutState now) {
    String target = now.revisions().target();
    return switch (now.phase()) {
      case ROLLING_BACK ->
          new News(
              QosEvent.Type.ROLLING_BACK,
              "The nodes with revision %s get the stable one back. %s"
                  .formatted(target, now.message()));
      case ROLLED_BACK -> new News(QosEvent.Type.ROLLED_BACK, now.message());
      default ->
          new News(
              FAILING.contains(now.reason())
                  ? QosEvent.Type.ROLLOUT_FAILING
                  : QosEvent.Type.ROLLOUT_PAUSED,
              "The rollout of revision %s is paused. %s".formatted(target, now.message()));
    };
  }

  private static News stepDone(RolloutState last, RolloutState now) {
    Progress progress = last.progress();
    Counts counts = now.counts();
    return new News(
        QosEvent.Type.ROLLOUT_STEP_DONE,
        "Step %d of %d is done: %d of %s carry revision %s."
            .formatted(
                progress.step(),
                progress.steps(),
                counts.updated(),
                plural(counts.nodes(), "node"),
                now.revisions().target()));
  }

  private static News resumed(RolloutState now) {
    return new News(
        QosEvent.Type.ROLLOUT_RESUMED,
        "The rollout of revision %s is no longer paused. %s"
            .formatted(now.revisions().target(), now.message()));
  }

  private static News complete(RolloutState last, RolloutState now) {
    return new News(
        QosEvent.Type.ROLLOUT_COMPLETE,
        last.revisions().target().equals(now.revisions().target())
            ? now.message()
            : "The policy has the revision %s again: the rollout of revision %s has ended."
                .formatted(now.revisions().target(), last.revisions().target()));
  }

  private static String plural(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
