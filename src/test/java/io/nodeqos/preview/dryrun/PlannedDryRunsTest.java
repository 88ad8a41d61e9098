// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.dryrun;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.PreviewFixture;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.policies.DryRunResult;
import io.nodeqos.reconcile.policies.DryRuns.Evaluation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlannedDryRunsTest {
  private static final String BASE = "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}";
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final FakeTime time = new FakeTime();
  private final AtomicLong changes = new AtomicLong();
  private final PreviewFixture cluster = new PreviewFixture();
  private final PolicyCatalog policies = PolicyFixture.catalog();
  private final PlannedDryRuns dryRuns =
      new PlannedDryRuns(policies, this::planner, changes::get, () -> INTERVAL, time.source());
  private Duration takes = Duration.ZERO;
  private int evaluations;

  @Test
  void resultIsThatOfThePolicyInForce() {
    fleet();
    DryRunResult result =
        evaluate("{'dryRun': true, 'priority': 9, 'reservation': {'cpu': '2'}}").result();

    assertEquals(3, result.selected());
    assertEquals(3, result.changed());
    assertEquals(1, result.groups().size());
    DryRunResult.Group group = result.groups().get(0);
    assertEquals(List.of("a", "b", "c"), group.examples());
    assertTrue(
        group.changes().stream().anyMatch(c -> c.equals("~ reservation.cpu: 1 -> 2")),
        group::toString);
    assertTrue(
        group.changes().stream().anyMatch(c -> c.startsWith("~ label nodeqos.io/config-version: ")),
        group::toString);
  }

  @Test
  void policyThatNeverWinsChangesNothingAndIsWarnedAbout() {
    fleet();
    DryRunResult result = evaluate("{'dryRun': true, 'reservation': {'cpu': '2'}}").result();

    assertEquals(3, result.selected());
    assertEquals(0, result.changed());
    assertEquals(3, result.unchanged().get(0).nodes());
    assertEquals("AnotherPolicy", result.unchanged().get(0).reason());
    assertEquals("NeverWins", result.warnings().get(0).reason());
  }

  @Test
  void lossOfMarksIsAWarning() {
    fleet();
    DryRunResult result =
        evaluate(
                "{'dryRun': true, 'priority': 9, 'warmUp': {'mode': 'Continuous', 'resources':"
                    + " [{'name': 'example.com/fpga'}]}}")
            .result();

    DryRunResult.Warning first = result.warnings().get(0);
    assertEquals("Braked", first.reason(), result::toString);
    assertEquals(3, first.nodes());
    assertEquals(
        "3 of 3 warm nodes would lose their mark, at once or when their gates stay closed. The"
            + " brake allows 2: it would hold them until an operator confirms.",
        first.message());
  }

  @Test
  void policyWithRemoveCountsAsIfItHadItsFinalizer() {
    fleet();
    assertEquals(
        3,
        evaluate(
                "{'dryRun': true, 'deletionPolicy': 'Remove', 'priority': 9, 'reservation': {'cpu':"
                    + " '2'}}")
            .result()
            .changed());
  }

  @Test
  void nothingIsEvaluatedWhileNothingChanges() {
    fleet();
    String spec = "{'dryRun': true, 'priority': 9, 'reservation': {'cpu': '2'}}";
    Evaluation first = evaluate(spec);
    for (int i = 0; i < 5; i++) {
      time.advance(Duration.ofMinutes(1));
      assertEquals(first, evaluate(spec));
    }
    assertEquals(1, evaluations);
  }

  @Test
  void changesAreEvaluatedOncePerInterval() {
    fleet();
    String spec = "{'dryRun': true, 'priority': 9, 'reservation': {'cpu': '2'}}";
    evaluate(spec);
    cluster.node(ready("d"));
    changes.incrementAndGet();
    time.advance(Duration.ofSeconds(2));

    assertEquals(Duration.ofSeconds(3), evaluate(spec).again(), "asked again when it may");
    assertEquals(1, evaluations);
    time.advance(Duration.ofSeconds(3));
    Evaluation now = evaluate(spec);
    assertEquals(4, now.result().selected());
    assertEquals(Duration.ZERO, now.again());
    assertEquals(2, evaluations);
  }

  @Test
  void slowEvaluationsTakeAFewPercentOfTheTime() {
    fleet();
    String spec = "{'dryRun': true, 'priority': 9, 'reservation': {'cpu': '2'}}";
    takes = Duration.ofSeconds(1);
    evaluate(spec);
    changes.incrementAndGet();
    time.advance(Duration.ofSeconds(6));

    assertEquals(Duration.ofSeconds(14), evaluate(spec).again());
    assertEquals(1, evaluations);
  }

  @Test
  void severalDryRunsTakeNoMoreOfTheTimeThanOne() {
    fleet();
    takes = Duration.ofSeconds(1);
    int count = 5;
    for (int i = 0; i < count; i++) {
      policies.apply(policy("dry-" + i, 1, CREATED, "{'dryRun': true, 'priority': 9}"));
    }
    for (int i = 0; i < count; i++) {
      dryRun(i);
    }
    assertEquals(count, evaluations, "a new one is evaluated at once");

    for (int second = 0; second < 250; second++) {
      time.advance(Duration.ofSeconds(1));
      changes.incrementAndGet();
      for (int i = 0; i < count; i++) {
        dryRun(i);
      }
    }
    int again = evaluations - count;
    assertTrue(again <= 250 / 20, again + " evaluations of a second each");
    assertTrue(again >= 2 * count, "and each is evaluated: " + again);
  }

  private Evaluation dryRun(int number) {
    return dryRuns.evaluate(policies.entry("dry-" + number).get().dryRun().get());
  }

  @Test
  void editedDryRunIsEvaluatedAtOnce() {
    fleet();
    evaluate("{'dryRun': true, 'priority': 9, 'reservation': {'cpu': '2'}}");
    policies.apply(policy("next", 2, CREATED, "{'dryRun': true, 'reservation': {'cpu': '3'}}"));

    assertEquals(
        0,
        dryRuns.evaluate(policies.entry("next").get().dryRun().get()).result().changed(),
        "it has no priority any more");
    assertEquals(2, evaluations);
  }

  private void fleet() {
    PolicyObject base = policy("base", 1, CREATED.minusSeconds(60), BASE);
    policies.apply(base);
    cluster.policy(base).warm(ready("a")).warm(ready("b")).warm(ready("c")).converged();
  }

  private static NodeFixture ready(String name) {
    return node(name).condition("Ready", "True");
  }

  private Evaluation evaluate(String spec) {
    policies.apply(policy("next", 1, CREATED, spec));
    return dryRuns.evaluate(policies.entry("next").get().dryRun().get());
  }

  private PolicyPlanner planner() {
    evaluations++;
    time.advance(takes);
    SnapshotCluster snapshot = SnapshotCluster.of(cluster.snapshot());
    return new PolicyPlanner(
        catalog ->
            FleetPlanner.of(
                snapshot,
                catalog,
                ReconcileSettings.DEFAULTS,
                SpinnerSettings.DEFAULTS,
                time.source()),
        new SpinnerSpecs(SpinnerSettings.DEFAULTS, "nodeqos-system"),
        ReconcileSettings.DEFAULTS,
        500,
        FleetPass.ONE_BY_ONE);
  }
}
