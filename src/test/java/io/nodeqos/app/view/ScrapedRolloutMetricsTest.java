// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.withStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScrapedRolloutMetricsTest {
  private static final String STEPWISE = "{'rollout': {'steps': [{'nodes': 5}]}}";
  private static final String STATUS =
      """
      {'rollout': {'stable': 'aaaaaaaaaa', 'stableGeneration': 3, 'target': 'bbbbbbbbbb',
        'phase': '%s', 'reason': '%s', 'message': 'Why.', 'step': 1, 'steps': 2,
        'startedAt': '2026-03-01T00:00:00Z', 'stepSince': '2026-03-01T00:00:00Z',
        'nodes': 100, 'wanted': 5, 'updated': 4, 'healthy': 3, 'failed': 1, 'controlFailed': 2}}
      """;

  private final FakeTime time = new FakeTime(Instant.parse("2026-03-01T00:01:30Z"));
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final PolicyCatalog policies =
      PolicyFixture.catalog(
          rollout("gold", STEPWISE, "Progressing", "Updating"),
          rollout("all-at-once", "{}", "Complete", ""));
  private boolean leading = true;

  ScrapedRolloutMetricsTest() {
    new ScrapedRolloutMetrics(policies, () -> leading, time.source()).connect(metrics.rollouts());
  }

  @Test
  void leaderShowsTheRolloutOfEachPolicyThatHasOne() {
    assertEquals(
        List.of(
            "qos_rollout_nodes{policy=\"gold\",state=\"all\",} 100.0",
            "qos_rollout_nodes{policy=\"gold\",state=\"control_failed\",} 2.0",
            "qos_rollout_nodes{policy=\"gold\",state=\"failed\",} 1.0",
            "qos_rollout_nodes{policy=\"gold\",state=\"healthy\",} 3.0",
            "qos_rollout_nodes{policy=\"gold\",state=\"updated\",} 4.0",
            "qos_rollout_nodes{policy=\"gold\",state=\"wanted\",} 5.0",
            "qos_rollout_phase{policy=\"gold\",phase=\"Progressing\",reason=\"Updating\",} 1.0",
            "qos_rollout_step_seconds{policy=\"gold\",} 90.0",
            "qos_rollout_step{policy=\"gold\",} 1.0"),
        ofPolicies());
  }

  @Test
  void standbyShowsNone() {
    leading = false;

    assertEquals(List.of(), ofPolicies());
  }

  @Test
  void seriesEndWithTheirPolicyAndWithItsRollout() {
    policies.remove("gold");
    assertEquals(List.of(), ofPolicies());

    policies.apply(rollout("gold", STEPWISE, "Progressing", "Updating"));
    assertEquals(9, ofPolicies().size());
    policies.apply(policy("gold", 2, PolicyFixture.CREATED, "{}"));
    assertEquals(List.of(), ofPolicies());
  }

  @Test
  void stepThatIsOverHasNoAge() {
    policies.apply(rollout("gold", STEPWISE, "RolledBack", "RolledBack"));

    assertTrue(
        ofPolicies().contains("qos_rollout_step_seconds{policy=\"gold\",} 0.0"),
        ofPolicies()::toString);
  }

  @Test
  void transitionsStartAtZero() {
    assertTrue(
        metrics
            .scrape(null)
            .text()
            .contains("qos_rollout_transitions_total{phase=\"RolledBack\",} 0.0"));
  }

  private static PolicyObject rollout(String name, String spec, String phase, String reason) {
    return withStatus(policy(name, spec), json(STATUS.formatted(phase, reason)));
  }

  private List<String> ofPolicies() {
    return metrics
        .scrape(null)
        .text()
        .lines()
        .filter(line -> line.startsWith("qos_rollout_") && line.contains("policy="))
        .sorted()
        .toList();
  }
}
