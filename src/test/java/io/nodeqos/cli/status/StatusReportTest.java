// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusReportTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final String SNAPSHOT =
      """
      {"nodes": {"warm": 199, "waiting": 1, "pending": 0},
       "frozen": [],
       "waiting": [{"node": "node-7", "since": "2026-03-01T09:58:30Z",
         "reason": "ImagesMissing", "message": "The warm-up has 1 blocker: image a is missing."}]}
      """;

  @Test
  void reportNamesTheLeaderAndTheBlockersOfTheLongestWaitingNodes() {
    StatusReport report = report(lease("pod-a_1f", 2), SNAPSHOT);
    assertTrue(report.isLed());
    assertEquals(
        List.of(
            "lease     ns/lease",
            "leader    pod-a_1f",
            "epoch     3",
            "since     2026-03-01T09:55:00Z (5m ago)",
            "renewed   2s ago, expires in 13s",
            "nodes     199 warm, 1 waiting",
            "",
            "WAITING   FOR     REASON          MESSAGE",
            "node-7    1m30s   ImagesMissing   image a is missing."),
        report.lines(TextFormat.plain()));
    assertEquals("pod-a_1f", report.toJson().get("leader").getAsString());
    assertEquals(199, report.toJson().getAsJsonObject("nodes").get("warm").getAsInt());
  }

  @Test
  void reportNamesFrozenNodesWithPolicyAndTime() {
    StatusReport report =
        report(
            lease("pod-a_1f", 2),
            """
            {"nodes": {"warm": 59, "waiting": 2},
             "frozen": [
               {"reason": "Suspended", "policy": "base", "since": "2026-03-01T09:56:55Z",
                "nodes": 60, "warm": 59},
               {"reason": "Invalid", "policy": "old", "since": "", "nodes": 1, "warm": 0},
               {"reason": "Deleting", "policy": "", "since": "", "nodes": 2, "warm": 1}]}
            """);
    assertEquals(
        List.of(
            "nodes     59 warm, 2 waiting",
            "frozen    60 (59 warm), because policy base is suspended since 2026-03-01T09:56:55Z (3m5s)",
            "          1 (0 warm), because policy old is invalid",
            "          2 (1 warm), because the nodes are being deleted"),
        report.lines(TextFormat.plain()).subList(5, 9));
    assertEquals(3, report.toJson().getAsJsonArray("frozen").size());
  }

  @Test
  void reportNamesNodesWithAnOrphanedStartupTaint() {
    StatusReport report =
        report(
            lease("pod-a_1f", 2),
            """
            {"orphanTaints": [{"node": "node-9", "since": "2026-03-01T09:00:00Z",
              "taints": ["nodeqos.io/warming-up:NoSchedule"]}]}
            """);
    assertEquals(
        List.of(
            "",
            "TAINTED BY NO POLICY   FOR   TAINTS",
            "node-9                 1h    nodeqos.io/warming-up:NoSchedule"),
        report.lines(TextFormat.plain()).subList(5, 8));
    assertEquals(1, report.toJson().getAsJsonArray("orphanTaints").size());
  }

  @Test
  void reportNamesPendingNodes() {
    StatusReport report =
        report(
            lease("pod-a_1f", 2),
            """
            {"nodes": {"pending": 1},
             "pending": [{"node": "node-8", "since": "2026-03-01T09:59:00Z",
               "reason": "NoCapacity", "message": "The node reports no capacity."}]}
            """);
    assertEquals(
        List.of(
            "nodes     1 pending",
            "",
            "PENDING   FOR   REASON       MESSAGE",
            "node-8    1m    NoCapacity   The node reports no capacity."),
        report.lines(TextFormat.plain()).subList(5, 9));
  }

  @Test
  void replicaOfAnotherInstallationIsReported() {
    StatusReport same = report(lease("pod-a_1f", 2), "{\"leader\": \"pod-a_1f\"}");
    assertEquals(Optional.empty(), same.remark());
    StatusReport other = report(lease("pod-a_1f", 2), "{\"leader\": \"pod-b_2e\"}");
    assertEquals(
        "pod ns/pod-a follows the leader pod-b_2e, but Lease ns/lease names pod-a_1f: the nodes may"
            + " be those of another installation",
        other.remark().orElseThrow());
    assertEquals(other.remark().orElseThrow(), other.toJson().get("remark").getAsString());
  }

  @Test
  void leaseThatHasRunOutHasNoLeader() {
    StatusReport report = report(lease("pod-a_1f", 20), "{}");
    assertFalse(report.isLed());
    assertEquals("renewed   20s ago, expired 5s ago", report.lines(TextFormat.plain()).get(4));
  }

  @Test
  void releasedLeaseHasNoLeader() {
    StatusReport report = report(lease(null, 2), "{}");
    assertFalse(report.isLed());
    assertEquals(
        List.of("lease     ns/lease", "leader    none", "epoch     3"),
        report.lines(TextFormat.plain()));
  }

  @Test
  void reportNamesUnreadableParts() {
    StatusReport missing = report(new LeaseResult.NotFound(), "{}");
    assertEquals(
        "leader    unknown: the Lease does not exist", missing.lines(TextFormat.plain()).get(1));
    assertFalse(missing.isLed());
    StatusReport failed = report(new LeaseResult.Failed("connection refused"), "{}");
    assertEquals("connection refused", failed.toJson().get("problem").getAsString());
  }

  private static StatusReport report(LeaseResult lease, String snapshot) {
    return StatusReport.of(
        "ns/lease",
        lease,
        new FleetAnswer(
            Optional.of(JsonParser.parseString(snapshot).getAsJsonObject()), "pod ns/pod-a", ""),
        NOW);
  }

  private static LeaseResult lease(String holder, int renewedSecondsAgo) {
    return new LeaseResult.Ok(
        new LeaseState(
            "7",
            new LeaseState.Spec(
                holder,
                Duration.ofSeconds(15),
                NOW.minusSeconds(300),
                NOW.minusSeconds(renewedSecondsAgo),
                3),
            null));
  }
}
