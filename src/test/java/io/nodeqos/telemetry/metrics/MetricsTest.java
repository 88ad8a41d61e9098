// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);

  @Test
  void namesAndLabelsAreThePublishedOnes() {
    UsedMetrics.once(metrics);
    for (String line :
        List.of(
            "workqueue_adds_total{name=\"nodes\",} 1.0",
            "workqueue_retries_total{name=\"nodes\",} 1.0",
            "workqueue_queue_duration_seconds_sum{name=\"nodes\",} 0.001",
            "workqueue_work_duration_seconds_sum{name=\"nodes\",} 0.002",
            "workqueue_handler_exceptions_total{name=\"nodes\",} 1.0",
            "qos_oldest_failing_seconds{name=\"nodes\",} 40.0",
            "qos_threads{name=\"nodes\",} 32.0",
            "qos_busy_threads{name=\"nodes\",} 2.0",
            "workqueue_depth{name=\"nodes\",} 3.0",
            "workqueue_unfinished_work_seconds{name=\"nodes\",} 1.5",
            "workqueue_longest_running_processor_seconds{name=\"nodes\",} 1.0",
            "qos_sync_total{node=\"n1\",namespace=\"storage\",result=\"written\",} 1.0",
            "qos_sync_duration_seconds_sum 0.005",
            "qos_conflicts_total 1.0",
            "qos_conflict_retries_total 1.0",
            "qos_worker_status{worker=\"zum\",} 1.0",
            "qos_worker_status{worker=\"image\",} 0.0",
            "qos_workers 2.0",
            "qos_worker_cpu_seconds_total{worker=\"zum\",} 0.5",
            "qos_worker_duration_seconds_count{worker=\"zum\",result=\"success\",} 1.0",
            "qos_nodes{phase=\"warm\",} 4.0",
            "qos_config_info{version=\"0123456789\",} 1.0",
            "qos_config_nodes{version=\"0123456789\",} 6.0",
            "qos_config_nodes{version=\"other\",} 0.0",
            "qos_config_versions 1.0",
            "qos_fleet_nodes 7.0",
            "qos_waiting_nodes{reason=\"ImagesMissing\",} 3.0",
            "qos_oldest_waiting_seconds{node=\"n1\",reason=\"ImagesMissing\",} 12.0",
            "qos_warmup_conflicts_sum 1.0",
            "qos_warmup_retries_sum 2.0",
            "qos_warmup_duration_seconds_sum 31.0",
            "qos_failover_gap_seconds_sum 0.2",
            "rest_client_requests_total{code=\"409\",method=\"PATCH\",host=\"10.0.0.1:443\",} 1.0",
            "rest_client_requests_total{code=\"<error>\",method=\"GET\",host=\"10.0.0.1:443\",} 1.0",
            "rest_client_request_duration_seconds_count{verb=\"PATCH\",host=\"10.0.0.1:443\",} 2.0",
            "rest_client_request_retries_total{code=\"429\",verb=\"PATCH\",host=\"10.0.0.1:443\",} 1.0",
            "rest_client_request_retries_total{code=\"<error>\",verb=\"GET\",host=\"10.0.0.1:443\",} 1.0",
            "rest_client_rate_limiter_duration_seconds_sum{verb=\"PATCH\",host=\"10.0.0.1:443\",} 0.02",
            "qos_rollout_phase{policy=\"gold\",phase=\"RolledBack\",reason=\"TooManyFailed\",} 1.0",
            "qos_rollout_nodes{policy=\"gold\",state=\"failed\",} 3.0",
            "qos_rollout_step{policy=\"gold\",} 2.0",
            "qos_rollout_step_seconds{policy=\"gold\",} 0.0",
            "qos_rollout_transitions_total{phase=\"RolledBack\",} 1.0",
            "qos_write_limit_per_second 250.0",
            "leader_election_master_status{name=\"node-qos-controller\",} 1.0",
            "informer_last_event_age_seconds{resource=\"nodes\",} 9.0",
            "informer_relists_total{resource=\"nodes\",} 1.0",
            "qos_events_total{type=\"WARMUP_DONE\",} 1.0",
            "qos_events_dropped_total{subscriber=\"history\",} 1.0",
            "qos_kubernetes_events_dropped_total{reason=\"forbidden\",} 2.0")) {
      assertTrue(text().contains("\n" + line + "\n"), line + " is missing in\n" + text());
    }
  }

  @Test
  void scraperGetsTheFormatItAsksFor() {
    Metrics.Scrape plain = metrics.scrape(null);
    assertTrue(plain.contentType().startsWith("text/plain; version=0.0.4"), plain.contentType());
    Metrics.Scrape open = metrics.scrape("application/openmetrics-text; version=1.0.0; q=0.9");
    assertTrue(open.contentType().startsWith("application/openmetrics-text; version=1.0.0"));
    assertTrue(open.text().endsWith("# EOF\n"), "OpenMetrics ends with a mark");
    assertFalse(plain.text().contains("# EOF"));
    for (Metrics.Scrape scrape : List.of(plain, open)) {
      assertFalse(scrape.text().contains("_created"), "series without a reader");
    }
  }

  @Test
  void autoNamesNodesUntilTheFleetExceedsAThousand() {
    metrics.sync().fleetSize(1_000);
    sync("n1");
    assertTrue(text().contains("node=\"n1\""), "few nodes are named");
    metrics.sync().fleetSize(1_001);
    sync("n1");
    metrics.sync().fleetSize(5);
    sync("n1");
    assertFalse(text().contains("node=\"n1\""), "the series of single nodes are gone");
    assertTrue(text().contains("qos_sync_total{node=\"\",namespace=\"\",result=\"ok\",} 2.0"));
  }

  @Test
  void settingForcesOrForbidsNodeNames() {
    Metrics always = Metrics.create(new MetricsSettings(MetricsSettings.PerNode.ALWAYS));
    always.sync().fleetSize(100_000);
    always.sync().synced("n1", "", "ok", 1);
    assertTrue(always.scrape(null).text().contains("node=\"n1\""));
    Metrics never = Metrics.create(new MetricsSettings(MetricsSettings.PerNode.NEVER));
    never.sync().synced("n1", "", "ok", 1);
    assertFalse(never.scrape(null).text().contains("node=\"n1\""));
  }

  @Test
  void seriesOfNamedNodesAreDroppedInALargeFleet() {
    Metrics never = Metrics.create(MetricsSettings.DEFAULTS);
    never.sync().fleetSize(1_001);
    assertFalse(never.scrape(null).text().contains("qos_sync_total{"));
    sync("n1");
    metrics.sync().fleetSize(1_001);
    assertFalse(text().contains("node=\"n1\""));
  }

  @Test
  void seriesIsZeroWhenNoNodeWaits() {
    assertTrue(text().contains("qos_oldest_waiting_seconds{node=\"\",reason=\"\",} 0.0"), text());
  }

  @Test
  void deletedNodeLeavesNoSeries() {
    sync("n1");
    sync("n2");
    metrics.sync().forgetNode("n1");
    assertFalse(text().contains("node=\"n1\""));
    assertTrue(text().contains("node=\"n2\""));
  }

  @Test
  void informersOfOneResourceShowTheOldestUntilTheLastEnds() {
    DoubleSupplier fresh = () -> 1;
    DoubleSupplier stale = () -> 70;
    metrics.informers().watch("pods", fresh);
    metrics.informers().watch("pods", stale);
    assertTrue(text().contains("informer_last_event_age_seconds{resource=\"pods\",} 70.0"));
    metrics.informers().unwatch("pods", stale);
    assertTrue(text().contains("informer_last_event_age_seconds{resource=\"pods\",} 1.0"));
    metrics.informers().unwatch("pods", fresh);
    assertFalse(text().contains("informer_last_event_age_seconds{resource=\"pods\""));
  }

  @Test
  void twoInstancesInOneProcessShareNoSeries() {
    Metrics other = Metrics.create(MetricsSettings.DEFAULTS).withJvm();
    other.sync().conflict();
    assertTrue(text().contains("qos_conflicts_total 0.0"));
    assertTrue(other.scrape(null).text().contains("jvm_memory_bytes_used"), "with the JVM's own");
    assertEquals(-1, text().indexOf("jvm_"), "only where asked for");
  }

  private void sync(String node) {
    metrics.sync().synced(node, "", "ok", 1);
  }

  private String text() {
    return metrics.scrape(null).text();
  }
}
