// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.ServerLook.Cpu;
import io.nodeqos.e2e.rig.AuditLog;
import java.time.Duration;
import java.time.Instant;
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
  void costsAreTheDifferenceOfTwoLooks() {
    ServerCosts costs =
        ServerCosts.between(
            look(1, 100, Map.of("nodes", 2.0)), look(5, 300, Map.of("nodes", 5.0, "pods", 1.0)));
    assertEquals(Map.of("nodes", 3L, "pods", 1L), costs.endedWatches());
    assertEquals(200, costs.putBytes());
  }

  @Test
  void timeForTheLookItselfDoesNotCount() {
    ServerCosts costs = ServerCosts.between(look(1, 0, Map.of()), look(5, 0, Map.of()));
    // From the end of the first look to the beginning of the second one.
    assertEquals(Duration.ofSeconds(3), costs.apiServer());
  }

  @Test
  void endedWatchMissesTheGoalAndIsNotWrong() throws InterruptedException {
    ServerCosts costs =
        ServerCosts.between(look(1, 0, Map.of()), look(2, 0, Map.of("nodes", 1.0, "pods", 1.0)));

    Sheet other = Sheet.begin("a", 1, 1);
    Tally tally = Tally.of("a-");
    tally.accept(watch("leases"));
    costs.watches(other, tally);
    assertFalse(other.missed(), "the watches of another client were ended");

    Sheet own = Sheet.begin("a", 1, 1);
    tally.accept(watch("nodes"));
    costs.watches(own, tally);
    assertTrue(own.missed());
    assertEquals(0, own.counts().size());
  }

  /** The controller watches a resource anew. */
  private static AuditLog.Entry watch(String resource) {
    return new AuditLog.Entry(
        "watch",
        resource,
        "",
        "",
        "/api/v1/" + resource + "?watch=true",
        200,
        "",
        Instant.EPOCH,
        Instant.EPOCH,
        new JsonObject());
  }

  private static ServerLook look(int seconds, double bytes, Map<String, Double> ended) {
    return new ServerLook(
        new Cpu(Duration.ofSeconds(seconds), Duration.ZERO),
        new Cpu(Duration.ofSeconds(seconds + 1), Duration.ZERO),
        bytes,
        ended);
  }
}
