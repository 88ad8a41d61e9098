// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout.report;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.reconcile.rollout.report.Rollouts.complete;
import static io.nodeqos.reconcile.rollout.report.Rollouts.failing;
import static io.nodeqos.reconcile.rollout.report.Rollouts.soaking;
import static io.nodeqos.reconcile.rollout.report.Rollouts.started;
import static io.nodeqos.reconcile.rollout.report.Rollouts.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.ToggledFence;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.tracing.RecordedTraces;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutReportTest {
  private final FakeTime time = new FakeTime();
  private final PolicyObject gold = policy("gold", "{}");
  private final RecentEvents events = new RecentEvents(20);
  private final ToggledFence fence = new ToggledFence();
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final RecordedTraces traces = new RecordedTraces(time.source());
  private final RolloutReport report =
      new RolloutReport(
          new EventPublisher(events, PolicyFixture.catalog(gold), fence, time.source()),
          metrics.rollouts(),
          traces.tracing(),
          new RolloutSightings("example.com/trace", time.source()),
          time.source());

  private Optional<RolloutState> last = Optional.empty();

  @Test
  void goodRolloutIsReportedFromStartToEnd() {
    becomes(Rollouts.complete(started()));
    assertEquals(List.of(), events.latest(), "it only records the stable revision");
    last = Optional.of(complete(Rollouts.of(started(), Rollouts.STABLE, -900)));

    becomes(started());
    becomes(soaking(started(), 10));
    becomes(step(2, 70));
    becomes(soaking(step(2, 70), 80));
    becomes(step(3, 140));
    becomes(complete(step(3, 140)));

    assertEquals(
        List.of(
            "ROLLOUT_STARTED The rollout of revision bbbbbbbbbb begins: 100 nodes, 3 steps."
                + " Revision aaaaaaaaaa is stable.",
            "ROLLOUT_STEP_DONE Step 1 of 3 is done: 10 of 100 nodes carry revision bbbbbbbbbb.",
            "ROLLOUT_STEP_DONE Step 2 of 3 is done: 15 of 100 nodes carry revision bbbbbbbbbb.",
            "ROLLOUT_COMPLETE 100 nodes carry revision bbbbbbbbbb, after 3m."),
        told());
  }

  @Test
  void eventNamesPolicyAndTrace() {
    becomes(started());

    QosEvent event = events.latest().get(0);
    assertEquals("gold", event.policy().name());
    assertEquals("uid-gold", event.policy().uid());
    assertTrue(event.node().isNone());
    becomes(step(2, 70));
    assertEquals(traces.only("step 1").getTraceId(), event.context().traceId());
  }

  @Test
  void rollbackIsReportedWithItsReason() {
    becomes(started());
    becomes(failing(started(), RolloutPhase.ROLLING_BACK, "TooManyFailed"));
    RolloutState back = failing(started(), RolloutPhase.ROLLED_BACK, "RolledBack");
    becomes(
        back.in(RolloutPhase.ROLLED_BACK, "RolledBack", "Revision bbbbbbbbbb was rolled back."));

    assertEquals(
        List.of(
            "ROLLING_BACK The nodes with revision bbbbbbbbbb get the stable one back."
                + " 2 of 5 nodes failed.",
            "ROLLED_BACK Revision bbbbbbbbbb was rolled back."),
        told().subList(1, 3));
  }

  @Test
  void retryBeginsAgain() {
    last = Optional.of(failing(started(), RolloutPhase.ROLLED_BACK, "RolledBack"));
    becomes(Rollouts.of(started(), Rollouts.TARGET, 600));

    assertTrue(told().get(0).contains("bbbbbbbbbb begins again: 100 nodes"), told()::toString);
  }

  @Test
  void pauseThatNodesCauseIsAnotherEventThanAPlannedOne() {
    becomes(started());
    becomes(soaking(started(), 5).in(RolloutPhase.PAUSED, "AwaitsPromotion", "Waits."));
    becomes(started());
    becomes(failing(started(), RolloutPhase.PAUSED, "ClusterTrouble"));
    becomes(soaking(started(), 90));

    assertEquals(
        List.of(
            "ROLLOUT_PAUSED The rollout of revision bbbbbbbbbb is paused. Waits.",
            "ROLLOUT_RESUMED The rollout of revision bbbbbbbbbb is no longer paused."
                + " Step 1 of 3: 0 of 5 nodes.",
            "ROLLOUT_FAILING The rollout of revision bbbbbbbbbb is paused. 2 of 5 nodes failed.",
            "ROLLOUT_RESUMED The rollout of revision bbbbbbbbbb is no longer paused. Soaks."),
        told().subList(1, 5));
  }

  @Test
  void promotedStepIsDoneRatherThanResumed() {
    becomes(started());
    becomes(soaking(started(), 5).in(RolloutPhase.PAUSED, "AwaitsPromotion", "Waits."));
    becomes(step(2, 400));

    assertTrue(told().get(2).startsWith("ROLLOUT_STEP_DONE Step 1 of 3"), told()::toString);
    assertEquals(3, told().size());
  }

  @Test
  void editInBetweenReplacesTheRollout() {
    becomes(started());
    becomes(Rollouts.of(started(), "cccccccccc", 30));
    becomes(complete(Rollouts.of(started(), Rollouts.STABLE, 0)));

    assertTrue(
        told().get(1).contains("cccccccccc begins, instead of that of revision bbbbbbbbbb: "),
        told()::toString);
    assertEquals(
        "ROLLOUT_COMPLETE The policy has the revision aaaaaaaaaa again:"
            + " the rollout of revision cccccccccc has ended.",
        told().get(2));
  }

  @Test
  void phasesThatAreEnteredCount() {
    becomes(started());
    becomes(step(2, 70));
    becomes(failing(step(2, 70), RolloutPhase.ROLLING_BACK, "TooManyFailed"));

    assertEquals(1, entered("Progressing"));
    assertEquals(1, entered("RollingBack"));
  }

  private void becomes(RolloutState now) {
    report.changed(gold.meta(), last, now);
    last = Optional.of(now);
  }

  private List<String> told() {
    return events.latest().stream().map(e -> e.type() + " " + e.message()).toList();
  }

  private double entered(String phase) {
    String series = "qos_rollout_transitions_total{phase=\"%s\",} ".formatted(phase);
    return metrics
        .scrape(null)
        .text()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .findFirst()
        .orElse(0);
  }
}
