// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.nodeqos.otel.Promtool;
import io.nodeqos.otel.RealPromtool;
import io.nodeqos.realapi.Command;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a controller that has worked, as a scraper gets them. */
class ScrapeTest {
  @TempDir Path directory;

  @Test
  void metricsShowTheWarmUpOfTwoNodes() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.policy("{'quota': {}, 'warmUp': {'nodeReady': {}}}");
      rig.startController();
      rig.node("a-slow", "-");
      rig.node("b-quick", "-");
      rig.await("both nodes are reported as waiting", () -> waitingLines(rig) == 2);
      assertEquals(2, rig.metric("qos_nodes{phase=\"waiting\",}"));
      assertEquals(2, rig.metric("qos_waiting_nodes{reason=\"NodeNotReady\",}"));
      assertTrue(
          rig.scrape("text/plain").body().contains(",reason=\"NodeNotReady\",} "),
          "the oldest node and its blocker");
      rig.server.faults().inject(ScrapeTest::isNodePatch, new Fault.Refuse(409, Duration.ZERO), 1);
      rig.server.faults().inject(ScrapeTest::isNodePatch, new Fault.Refuse(500, Duration.ZERO), 1);
      rig.nodeBecomesReady("b-quick");
      rig.await("one is warm", () -> rig.metric("qos_warmup_duration_seconds_count") == 1);
      rig.await(
          "the policy's status is written",
          () -> rig.metric("workqueue_work_duration_seconds_count{name=\"policies\",}") > 0);

      // More where the controller was quicker than the test in making the nodes.
      assertTrue(rig.metric("qos_warmup_conflicts_sum") >= 1);
      assertTrue(rig.metric("qos_conflicts_total") >= 1);
      assertEquals(1, rig.metric("leader_election_master_status{name=\"node-qos-controller\",}"));
      assertEquals(0, rig.metric("qos_failover_gap_seconds_count"), "there was no leader before");
      assertEquals(2, rig.metric("qos_fleet_nodes"));
      assertEquals(3, rig.metric("qos_workers"));
      assertEquals(1, rig.metric("qos_worker_status{worker=\"zum\",}"));
      assertTrue(rig.metric("qos_worker_cpu_seconds_total{worker=\"zum\",}") > 0);
      assertEquals(1, rig.metric("qos_config_versions"));
      assertEquals(32, rig.metric("qos_threads{name=\"nodes\",}"));
      assertEquals(500, rig.metric("qos_write_limit_per_second"));
      String host = "127.0.0.1:" + rig.server.uri().getPort();
      assertEquals(
          1,
          rig.metric(
              "rest_client_request_retries_total{code=\"500\",verb=\"PATCH\",host=\""
                  + host
                  + "\",}"));
      assertTrue(
          rig.metric(
                  "rest_client_rate_limiter_duration_seconds_count{verb=\"PATCH\",host=\""
                      + host
                      + "\",}")
              > 4);
      assertTrue(rig.metric("process_cpu_seconds_total") > 0);

      HttpResponse<String> open =
          rig.scrape("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
      assertTrue(
          open.headers()
              .firstValue("Content-Type")
              .orElse("")
              .startsWith("application/openmetrics-text"));
      assertTrue(open.body().endsWith("# EOF\n"));
      HttpResponse<String> plain = rig.scrape("text/plain;version=0.0.4");
      assertTrue(
          plain
              .headers()
              .firstValue("Content-Type")
              .orElse("")
              .startsWith("text/plain; version=0.0.4"));
    }
  }

  @Test
  @RealPromtool
  void promtoolAcceptsTheMetrics(Promtool promtool) throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.policy("{'quota': {}, 'warmUp': {'nodeReady': {}}}");
      rig.startController();
      rig.node("a", "-");
      rig.await("the node is reported as waiting", () -> waitingLines(rig) == 1);
      rig.nodeBecomesReady("a");
      rig.await("it is warm", () -> rig.metric("qos_warmup_duration_seconds_count") == 1);

      String text = rig.scrape("text/plain;version=0.0.4").body();
      Command check = promtool.runWith(text, "check", "metrics");
      assertEquals("", check.out() + check.error(), "the output of promtool");
      assertEquals(0, check.code());
    }
  }

  private static long waitingLines(ControllerRig rig) {
    return rig.lines().stream()
        .filter(line -> line.getFormattedMessage().startsWith("Node waiting"))
        .count();
  }

  private static boolean isNodePatch(RequestInfo request) {
    return request.verb().equals("patch")
        && request.resource().equals("nodes")
        && request.userAgent().startsWith("node-qos-controller/");
  }
}
