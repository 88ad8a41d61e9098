// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.ServerLook.Cpu;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerCostsTest {
  private static final String METRICS =
      """
      # TYPE apiserver_terminated_watchers_total counter
      apiserver_terminated_watchers_total{group="",resource="nodes"} 3
      apiserver_terminated_watchers_total{group="",resource="pods"} 1
      apiserver_terminated_watchers_total{group="apps",resource="nodes"} 2
      apiserver_terminated_watchers_total_other{resource="nodes"} 50
      etcd_mvcc_put_total 17
      """;

  @Test
  void valuesAreSummedByLabel() {
    assertEquals(
        Map.of("nodes", 5.0, "pods", 1.0),
        new Scrape(METRICS).sums("apiserver_terminated_watchers_total", "resource"));
    assertEquals(17, new Scrape(METRICS).sum("etcd_mvcc_put_total"));
    assertEquals(0, new Scrape(METRICS).sum("unknown"));
  }

  @Test
  void watchesOfTheControllerAreThoseThatTheOutsideWatcherHasNotLost() {
    ServerCosts costs =
        ServerCosts.between(
            look(1, 100, Map.of("nodes", 2.0), 1), look(5, 300, Map.of("nodes", 5.0), 2));
    assertEquals(2, costs.endedWatches());
    assertEquals(200, costs.putBytes());
  }

  @Test
  void timeForTheLookItselfDoesNotCount() {
    ServerCosts costs = ServerCosts.between(look(1, 0, Map.of(), 0), look(5, 0, Map.of(), 0));
    // From the end of the first look to the beginning of the second one.
    assertEquals(Duration.ofSeconds(3), costs.apiServer());
  }

  @Test
  void endedWatchMissesTheGoalAndIsNotWrong() throws InterruptedException {
    Sheet sheet = Sheet.begin("a", 1, 1);
    ServerCosts.between(look(1, 0, Map.of(), 0), look(2, 0, Map.of("pods", 1.0), 0))
        .watches(sheet, Tally.of("a-"));
    assertTrue(sheet.missed());
    assertEquals(0, sheet.counts().size());
  }

  private static ServerLook look(int seconds, double bytes, Map<String, Double> ended, int own) {
    return new ServerLook(
        new Cpu(Duration.ofSeconds(seconds), Duration.ZERO),
        new Cpu(Duration.ofSeconds(seconds + 1), Duration.ZERO),
        bytes,
        ended,
        own);
  }
}
