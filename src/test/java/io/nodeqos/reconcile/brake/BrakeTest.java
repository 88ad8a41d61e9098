// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.QueuedProcess;
import io.nodeqos.reconcile.WarmFleet;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Braked nodes, the duration of the brake, and its release. */
class BrakeTest {
  private static final Duration CLOSED = Duration.ofSeconds(45);

  @ParameterizedTest(name = "{1} of {0} nodes: {2} lose the mark")
  @CsvSource({
    "1, 1, 1",
    "2, 2, 2",
    "3, 2, 2",
    "3, 3, 0",
    "10, 2, 2",
    "10, 3, 0",
    "10, 10, 0",
    "14, 2, 2",
    "15, 3, 3",
    "20, 4, 4",
    "20, 5, 0",
    "50, 10, 10",
    "50, 11, 0"
  })
  void brakeLetsAtMostAFifthOrTwoNodesLoseTheMark(int nodes, int close, int lost) {
    WarmFleet fleet = new WarmFleet(nodes);
    fleet.pods(0, close, false);
    fleet.run(CLOSED);
    assertEquals(nodes - lost, fleet.marked());
    assertEquals(lost, fleet.tainted());
    assertEquals(lost == 0, fleet.isBraked());
  }

  @Test
  void statusReportsBrakedNodesAndTheCommandToConfirm() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 7, false);
    fleet.run(CLOSED);
    JsonObject brake = fleet.status().getAsJsonObject("brake");
    assertTrue(brake.get("token").getAsString().matches("[0-9a-f]{10}"), brake::toString);
    assertEquals(7, brake.get("nodes").getAsInt());
    assertEquals(10, brake.get("warm").getAsInt());
    assertFalse(brake.get("confirmed").getAsBoolean());
    assertEquals("True", fleet.progressing("status"), "the policy must not look settled");
    assertEquals(
        "7 of 10 warm nodes would lose their mark (n00: The warm-up has 1 blocker: pod"
            + " kube-system/cni-x is not Ready). To allow it: kubectl annotate --overwrite nqp p"
            + " nodeqos.io/confirm="
            + fleet.token(),
        fleet.progressing("message"));
    List<QosEvent> reported =
        fleet.leader().process.events.latest().stream()
            .filter(e -> e.type() == QosEvent.Type.BRAKED)
            .toList();
    assertEquals(1, reported.size());
    assertEquals("p", reported.get(0).policy().name());
    assertEquals(7, fleet.leader().process.brake.braked());
    assertEquals(10, fleet.leader().process.fleet.phases().get(NodePhase.WARM));
  }

  @Test
  void brakedNodesAreNotWrittenAndReportedOnce() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    int policyWrites = fleet.policyApi.writes();
    int nodeWrites = fleet.api.writes().size();
    fleet.run(Duration.ofHours(2));
    assertEquals(policyWrites, fleet.policyApi.writes());
    assertEquals(nodeWrites, fleet.api.writes().size());
    assertEquals(10, fleet.marked());
  }

  @Test
  void onlyTheTokenReleasesTheBrake() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 9, false);
    fleet.run(CLOSED);
    fleet.confirm("0123456789");
    fleet.run(CLOSED);
    assertEquals(10, fleet.marked());
    String token = fleet.token();
    fleet.confirm(token);
    fleet.run(Duration.ofSeconds(10));
    assertEquals(1, fleet.marked());
    assertEquals(9, fleet.tainted());
    assertFalse(fleet.isBraked());
    assertEquals(0, fleet.leader().process.brake.braked());
    fleet.pods(9, 10, false);
    fleet.run(CLOSED);
    assertEquals(0, fleet.marked(), "a straggler of the same change");
    assertEquals(token, fleet.token());
  }

  @Test
  void removalOfAllMarksByAPolicyIsBraked() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.apply(WarmFleet.SPEC.replaceFirst("\\{", "{'deletionPolicy': 'Remove', "));
    fleet.run(CLOSED);
    fleet.deletePolicy();
    fleet.run(CLOSED);
    assertEquals(10, fleet.marked());
    assertTrue(fleet.isBraked());
    assertTrue(fleet.hasPolicy(), "the finalizer waits for the nodes");
    QueuedProcess next = fleet.start();
    fleet.kill(fleet.leader());
    next.lead();
    fleet.run(CLOSED);
    assertEquals(10, fleet.marked(), "the next leader knows the owner of the marks");
    fleet.confirm(fleet.token());
    fleet.run(CLOSED);
    assertEquals(0, fleet.marked());
    assertFalse(fleet.hasPolicy());
  }

  @Test
  void oldConfirmationReleasesNoLaterBrake() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    String token = fleet.token();
    fleet.confirm(token);
    fleet.run(Duration.ofSeconds(10));
    fleet.pods(0, 10, true);
    fleet.run(CLOSED);
    assertEquals(10, fleet.marked());
    assertEquals("", fleet.token(), "all are warm again");
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    assertEquals(10, fleet.marked());
    assertTrue(fleet.isBraked());
    assertNotEquals(token, fleet.token());
  }

  @Test
  void newGenerationNeedsANewToken() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    String token = fleet.token();
    fleet.apply(WarmFleet.SPEC.replace("{'warmUp'", "{'priority': 1, 'warmUp'"));
    fleet.run(Duration.ofSeconds(10));
    assertNotEquals(token, fleet.token());
    fleet.confirm(token);
    fleet.run(CLOSED);
    assertEquals(10, fleet.marked());
    fleet.confirm(fleet.token());
    fleet.run(CLOSED);
    assertEquals(0, fleet.marked());
  }

  @Test
  void brakeEndsWhenTheGatesAreOpenAgain() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    int writes = fleet.api.writes().size();
    fleet.pods(0, 10, true);
    fleet.run(Duration.ofSeconds(10));
    assertEquals("", fleet.token());
    assertEquals("Settled", fleet.progressing("reason"));
    assertEquals(writes, fleet.api.writes().size(), "writes to nodes");
  }

  @Test
  void failedNodesLoseTheirMarkOnceTheOthersRecover() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    fleet.pods(2, 10, true);
    fleet.run(Duration.ofSeconds(10));
    assertEquals(8, fleet.marked());
    assertFalse(fleet.isBraked());
  }

  @Test
  void gateThatNoNodePassesIsBrakedOnAllNodes() {
    WarmFleet fleet = new WarmFleet(20);
    fleet.apply(
        "{'warmUp': {'mode': 'Continuous', 'stableFor': '0s', 'resources': [{'name': 'x.io/y'}]}}");
    fleet.run(CLOSED);
    assertEquals(20, fleet.marked());
    assertTrue(fleet.isBraked());
    assertTrue(fleet.progressing("message").contains("x.io/y"), fleet.progressing("message"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "0.3s"})
  void brakeHoldsWithAndWithoutASettleTime(String settle) {
    WarmFleet fleet = new WarmFleet(20);
    fleet.brake(new BrakeSettings(20, Duration.ofHours(1), Duration.parse("PT" + settle)));
    fleet.apply(
        "{'warmUp': {'mode': 'Continuous', 'stableFor': '0s', 'resources': [{'name': 'x.io/y'}]}}");
    fleet.run(CLOSED);
    assertEquals(settle.equals("0s") ? 16 : 20, fleet.marked());
    assertTrue(fleet.isBraked());
  }

  @Test
  void successiveLossesAddUpWithinTheWindow() {
    WarmFleet fleet = new WarmFleet(20);
    for (int i = 0; i < 6; i++) {
      fleet.pods(i, i + 1, false);
      fleet.run(Duration.ofMinutes(5));
    }
    assertEquals(16, fleet.marked(), "the fifth and the sixth are held");
    assertTrue(fleet.isBraked());
    fleet.run(Duration.ofMinutes(45));
    assertEquals(14, fleet.marked(), "the first three were lost more than an hour ago");
    assertFalse(fleet.isBraked());
  }

  @Test
  void rewarmedNodeNoLongerCountsAsLost() {
    WarmFleet fleet = new WarmFleet(10);
    for (int i = 0; i < 10; i++) {
      fleet.pods(i, i + 1, false);
      fleet.run(CLOSED);
      assertEquals(9, fleet.marked(), "node " + i);
      fleet.pods(i, i + 1, true);
      fleet.run(CLOSED);
      assertEquals(10, fleet.marked(), "node " + i);
    }
    assertFalse(fleet.isBraked());
  }

  @Test
  void failuresWithinStableForOfTheFirstAreCountedBeforeItsLoss() {
    WarmFleet fleet = new WarmFleet(10);
    for (int i = 0; i < 10; i++) {
      fleet.pods(i, i + 1, false);
      fleet.run(Duration.ofSeconds(3));
    }
    fleet.run(CLOSED);
    assertEquals(10, fleet.marked());
  }

  @Test
  void lossIsReportedWithItsCauseAndCountsOnceItIsWritten() {
    WarmFleet fleet = new WarmFleet(3);
    QueuedProcess standby = fleet.start();
    fleet.pods(0, 1, false);
    fleet.run(Duration.ofSeconds(33));
    assertEquals(3, fleet.leader().process.fleet.phases().get(NodePhase.WARM), "settling");
    fleet.run(Duration.ofSeconds(10));
    for (QueuedProcess process : List.of(fleet.leader(), standby)) {
      assertEquals(2, process.process.fleet.phases().get(NodePhase.WARM));
      assertEquals(1, process.process.fleet.phases().get(NodePhase.WAITING));
    }
    QosEvent lost =
        fleet.leader().process.events.latest().stream()
            .filter(e -> e.type() == QosEvent.Type.WARMUP_LOST)
            .findFirst()
            .get();
    assertEquals("n00", lost.node().name());
    assertEquals("The warm-up has 1 blocker: pod kube-system/cni-x is not Ready.", lost.message());
  }

  @Test
  void failedWriteOfALossKeepsTheNodeWarm() {
    WarmFleet fleet = new WarmFleet(3);
    fleet.pods(0, 1, false);
    fleet.run(Duration.ofSeconds(20));
    fleet.leader().depose();
    fleet.run(CLOSED);
    QueuedProcess standby = fleet.standbys().get(0);
    assertEquals(3, standby.process.fleet.phases().get(NodePhase.WARM));
    standby.lead();
    fleet.run(Duration.ofSeconds(5));
    assertEquals(2, fleet.marked(), "it is the first thing that a new leader does");
  }

  @Test
  void rebootedAndDeletedNodesAreNoLoss() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 10, false);
    for (int i = 0; i < 8; i++) {
      fleet.reboot(i);
    }
    fleet.run(CLOSED);
    assertEquals(0, fleet.marked(), "eight by their reboot, two as a gate has closed");
    WarmFleet shrinking = new WarmFleet(10);
    for (int i = 0; i < 8; i++) {
      shrinking.leave(i);
    }
    shrinking.pods(8, 10, false);
    shrinking.run(CLOSED);
    assertEquals(2, shrinking.tainted());
  }

  /** Of each of eight nodes that shall lose their mark both is seen at once. */
  @ParameterizedTest
  @ValueSource(strings = {"replaced", "rebooted", "rebooted and unmarked"})
  void nodeReplacedOrRebootedUnseenIsNoLoss(String description) {
    WarmFleet fleet = new WarmFleet(10);
    QueuedProcess standby = fleet.start();
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    assertTrue(fleet.isBraked());
    for (int i = 0; i < 8; i++) {
      switch (description) {
        case "replaced" -> fleet.replace(i);
        case "rebooted" -> fleet.reboot(i);
        default -> fleet.rebootUnmarked(i);
      }
    }
    fleet.run(CLOSED);
    assertFalse(fleet.isBraked(), "two are left, which may always lose their mark");
    assertEquals(0, fleet.marked());
    assertEquals(List.of(), standby.process.brake.episodes());
  }

  @Test
  void lossFollowedByARebootNoLongerCounts() {
    WarmFleet fleet = new WarmFleet(20);
    fleet.pods(0, 4, false);
    fleet.run(CLOSED);
    assertEquals(4, fleet.tainted(), "a fifth");
    for (int i = 0; i < 4; i++) {
      fleet.reboot(i);
    }
    fleet.pods(4, 7, false);
    fleet.run(CLOSED);
    assertEquals(
        13, fleet.marked(), "as a new leader, which knows only the present boots, would count");
  }

  @Test
  void nextLeaderBrakesTheSameNodesWithTheSameToken() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.start();
    fleet.run(Duration.ofSeconds(5));
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    String token = fleet.token();
    assertNotEquals("", token);
    fleet.kill(fleet.leader());
    fleet.run(Duration.ofSeconds(20));
    fleet.standbys().get(0).lead();
    int writes = fleet.policyApi.writes();
    fleet.run(CLOSED);
    assertEquals(token, fleet.token());
    assertEquals(10, fleet.marked());
    assertEquals(writes, fleet.policyApi.writes(), "there is nothing new to report");

    fleet.kill(fleet.leader());
    QueuedProcess fresh = fleet.start();
    fresh.lead();
    fleet.run(Duration.ofSeconds(10));
    assertEquals(token, fleet.token(), "though no gate has been closed for so long that it knows");
    fleet.run(CLOSED);
    assertEquals(token, fleet.token());
    assertEquals(10, fleet.marked());
    fleet.confirm(token);
    fleet.run(Duration.ofSeconds(5));
    assertEquals(0, fleet.marked());
  }

  @Test
  void newProcessKnowsEarlierLosses() {
    WarmFleet fleet = new WarmFleet(20);
    fleet.pods(0, 4, false);
    fleet.run(CLOSED);
    assertEquals(16, fleet.marked());
    fleet.kill(fleet.leader());
    fleet.start().lead();
    fleet.pods(4, 5, false);
    fleet.run(CLOSED);
    assertEquals(16, fleet.marked());
    assertTrue(fleet.isBraked());
  }

  @Test
  void newLeaderRevokesTheTokenOfAnEndedEpisode() {
    WarmFleet fleet = new WarmFleet(10);
    fleet.pods(0, 10, false);
    fleet.run(CLOSED);
    fleet.kill(fleet.leader());
    fleet.pods(0, 10, true);
    fleet.start().lead();
    fleet.run(Duration.ofSeconds(10));
    assertEquals("", fleet.token());
  }
}
