// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.FaultRig;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Rollouts over two hundred nodes in three zones on a real API server: a good one, a bad one, one
 * amid an outage, and one whose leader is killed. By the audit log there are never more nodes on
 * the target than the record allowed.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RolloutIT {
  private static final int STEPS = 4;

  /** Such as {@code -Drollout.soak=60}: the default of the policy, for a figure. */
  private static final Duration SOAK = Duration.ofSeconds(Integer.getInteger("rollout.soak", 2));

  /** The time of a look, for each step, and the time of writing. */
  private static final Duration BOUND = Duration.ofSeconds(45);

  private static final String ROLLOUT =
      """
      {"steps": [{"nodes": 1}, {"nodes": "10%%"}, {"nodes": "50%%"}], "maxConcurrent": 50,
       "health": {"for": "%ds"}}"""
          .formatted(SOAK.toSeconds());

  private final ControlPlane plane;
  private AuditLog audit;
  private RolloutRig rig;

  RolloutIT(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeAll
  void start() {
    rig = RolloutRig.start(plane);
    audit = AuditLog.from(plane);
    Poll.until("configured nodes", () -> rig.nodesWith("1").size(), n -> n == RolloutRig.NODES);
    rig.await("stable revision", rollout -> !World.text(rollout, "stable").isEmpty());
  }

  @AfterAll
  void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @AfterEach
  void neverMoreNodesOnTheTargetThanAllowed() {
    Map<String, Integer> allowed = new HashMap<>();
    Map<String, String> carried = new HashMap<>();
    for (Entry entry : audit.entries()) {
      if (entry.accepted() && entry.resource().equals("nodeqospolicies/status")) {
        allow(entry, allowed);
      } else if (entry.accepted() && entry.writesNode() && entry.verb().equals("patch")) {
        carry(entry, carried, allowed);
      }
    }
    assertTrue(allowed.size() > 0, "the log has the records");
  }

  private void allow(Entry entry, Map<String, Integer> allowed) {
    if (entry.name().equals(rig.policy())
        && entry.body().get("status") instanceof JsonObject status
        && status.get("rollout") instanceof JsonObject rollout
        && !World.text(rollout, "wanted").isEmpty()) {
      boolean isBack = RolloutRig.phase(rollout).contains("Back");
      allowed.compute(
          World.text(rollout, "target"),
          (target, before) ->
              isBack && before != null ? before : Integer.parseInt(World.text(rollout, "wanted")));
    }
  }

  private void carry(Entry entry, Map<String, String> carried, Map<String, Integer> allowed) {
    if (World.text(entry.body(), "metadata", "annotations", "nodeqos.io/config").isEmpty()) {
      return;
    }
    String revision = RolloutRig.revisions(entry.body()).getOrDefault(rig.policy(), "");
    if (revision.equals(carried.put(entry.name(), revision)) || revision.isEmpty()) {
      return;
    }
    long now = carried.values().stream().filter(revision::equals).count();
    assertTrue(
        now <= allowed.getOrDefault(revision, 0),
        () -> now + " nodes have " + revision + ", allowed are " + allowed + ": " + entry);
  }

  @Test
  @Order(1)
  void healthyChangeTakesItsSoaksAndTheTimeOfWriting() {
    Instant start = Instant.now();
    rig.change("{\"reservation\": {\"cpu\": \"2\"}, \"rollout\": " + ROLLOUT + "}");
    awaitComplete();
    Duration took = Duration.between(start, Instant.now());
    assertEquals(RolloutRig.NODES, rig.nodesWith("2").size());
    Duration soaks = SOAK.multipliedBy(STEPS);
    System.out.println(
        "Rollout over " + RolloutRig.NODES + " nodes: " + took + ", of which soaks: " + soaks);
    assertTrue(took.compareTo(soaks) >= 0, took::toString);
    assertTrue(took.compareTo(soaks.plus(BOUND)) < 0, took::toString);
  }

  @Test
  @Order(2)
  void changeThatBreaksAgentsIsTakenBack() {
    rig.change("{\"reservation\": {\"cpu\": \"3\"}}");
    JsonObject end =
        rig.await(
            "rollback",
            rollout -> {
              rig.breakEveryTenth("3");
              return RolloutRig.phase(rollout).equals("RolledBack");
            });
    assertEquals(RolloutRig.NODES, rig.nodesWith("2").size());
    String message = World.text(end, "message");
    System.out.println(message);
    assertTrue(
        message.matches(
            "Revision [0-9a-f]{10} was rolled back to [0-9a-f]{10}: .*"
                + " failed, at most 0 may; first: \\S+0 \\(pod \\S+/agent-\\S+0 is not Ready\\).*"),
        message);
    rig.allAgents(true);
  }

  @Test
  @Order(3)
  void outageOfAllAgentsPausesAndRollsNothingBack() {
    rig.change("{\"reservation\": {\"cpu\": \"4\"}}");
    awaitUpdated(20);
    rig.allAgents(false);
    JsonObject paused = rig.await("pause", rollout -> RolloutRig.phase(rollout).equals("Paused"));
    assertEquals("ClusterTrouble", World.text(paused, "reason"), paused::toString);
    Set<String> before = rig.nodesWith("4");
    FaultRig.sleep(Duration.ofSeconds(5));
    assertEquals(before, rig.nodesWith("4"), "no node goes back or forth");
    assertEquals("Paused", RolloutRig.phase(rig.rollout()));

    rig.allAgents(true);
    awaitComplete();
    assertEquals(RolloutRig.NODES, rig.nodesWith("4").size());
  }

  @Test
  @Order(4)
  void nextLeaderGoesOnAfterAKill() {
    rig.change("{\"reservation\": {\"cpu\": \"5\"}}");
    awaitUpdated(20);
    Member killed = rig.leader();
    killed.run().kill();
    awaitComplete();
    assertEquals(RolloutRig.NODES, rig.nodesWith("5").size());
    killed.startAgain();

    Instant end = Instant.now();
    // The rest of the status follows within its interval.
    FaultRig.sleep(Duration.ofSeconds(8));
    assertEquals(
        List.of(),
        audit.entries().stream()
            .filter(e -> e.writesNode() && e.received().isAfter(end.plusSeconds(1)))
            .toList(),
        "writes to nodes after the end");
  }

  private void awaitUpdated(int nodes) {
    rig.await(
        nodes + " nodes on the target",
        rollout -> {
          String updated = World.text(rollout, "updated");
          return !RolloutRig.phase(rollout).equals("Complete")
              && !updated.isEmpty()
              && Integer.parseInt(updated) >= nodes;
        });
  }

  private void awaitComplete() {
    rig.await(
        "end",
        rollout ->
            RolloutRig.phase(rollout).equals("Complete")
                && World.text(rollout, "stableGeneration").equals(rig.generation()));
  }
}
