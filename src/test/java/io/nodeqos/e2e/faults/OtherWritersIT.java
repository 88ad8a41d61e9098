// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Other programs write to the same nodes and policies, on a real server: the controller ends where
 * it should, writes nothing in a loop, and tells the user of it.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherWritersIT {
  private static final String STARTUP_TAINT = "nodeqos.io/warming-up";
  private static final String AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler";
  private static final String NODE_READY = "'warmUp': {'nodeReady': {}}";
  private static final String AGENT =
      "'warmUp': {'taintNewNodes': true, 'reservedPods': [{'namespace': 'NAMESPACE',"
          + " 'selector': {'matchLabels': {'app': 'NODE'}}}]}";

  /** Before the third repair, less the time that a write may take. */
  private static final Duration PAUSES = Duration.ofSeconds(14);

  private final ControlPlane plane;
  private WritersRig rig;
  private OtherWriter other;

  OtherWritersIT(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeAll
  void start() {
    rig = WritersRig.start(plane);
    other = new OtherWriter(rig.admin);
  }

  @AfterAll
  void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  void secondControllerThatUndoesTheMarkIsNamedByAnEventAndRepairsBackOff() {
    String node = "w-second";
    warmNode(node, NODE_READY);

    String note =
        undoneUntilDamped(
            node,
            () -> other.merge(node, "{'metadata': {'labels': {'nodeqos.io/warmed-up': null}}}"),
            n -> World.label(n, "nodeqos.io/warmed-up").equals("true"));

    assertTrue(note.contains("label nodeqos.io/warmed-up"), note);
    assertTrue(rig.metric("qos_damped_nodes") >= 1);
    rig.ready(node, "True");
  }

  @Test
  void autoscalerThatUntaintsAWaitingNodeIsNamedByAnEventAndTheTaintComesBack() {
    String node = "w-untainted";
    waitingNode(node);

    String note =
        undoneUntilDamped(
            node,
            () -> other.withoutTaint(node, STARTUP_TAINT),
            n -> World.hasTaint(n, STARTUP_TAINT));

    assertTrue(note.contains("taints"), note);
    JsonObject waiting = rig.world.until(node, "False", "ReservedPodsNotReady", "is not Ready");
    assertEquals("", World.label(waiting, "nodeqos.io/warmed-up"));
    rig.ready(node, "False");
    rig.world.podReady(node);
    assertFalse(World.hasTaint(rig.world.untilWarm(node), STARTUP_TAINT));
    rig.ready(node, "True");
  }

  @Test
  void autoscalerThatTaintsAndUntaintsAWaitingNodeLosesNoTaintAndCostsNoWrite() {
    String node = "w-tainted";
    waitingNode(node);
    int before = rig.writesTo(node).size();

    for (int round = 0; round < 30; round++) {
      other.withTaint(node, AUTOSCALER_TAINT);
      if (round == 15) {
        assertEquals(before, rig.writesTo(node).size(), "it waits, so nothing is to be written");
        rig.world.podReady(node);
      }
      WritersRig.pause(20);
      other.withoutTaint(node, AUTOSCALER_TAINT);
    }
    other.withTaint(node, AUTOSCALER_TAINT);

    JsonObject warm = rig.world.untilWarm(node);
    assertTrue(World.hasTaint(warm, AUTOSCALER_TAINT), warm::toString);
    assertFalse(World.hasTaint(warm, STARTUP_TAINT), warm::toString);
    rig.ready(node, "True");
    rig.event(node, "WarmedUp");
    assertEquals(List.of(), rig.events(node, "WritesDamped"));
    assertEquals(
        2,
        rig.acceptedTo(node).size() - before,
        "the mark and the condition: " + rig.writesTo(node));
    rig.leavesAlone(node);
  }

  @Test
  void gitOpsToolThatPrunesWhatIsOnANodeIsNamedByAnEventAndRepairsBackOff() {
    String node = "w-pruned";
    warmNode(node, "'reservation': {'cpu': '100m'}, " + NODE_READY);
    JsonObject before = rig.world.node(node);

    String note =
        undoneUntilDamped(
            node,
            () -> {
              // It takes them over with an old copy of the node, and then removes them.
              other.apply(
                  node,
                  "'labels': {'nodeqos.io/config-version': 'old'},"
                      + " 'annotations': {'nodeqos.io/config': '{}'}");
              other.apply(node, "'labels': {}");
            },
            n ->
                annotation(n, "nodeqos.io/config").equals(annotation(before, "nodeqos.io/config"))
                    && World.label(n, "nodeqos.io/config-version")
                        .equals(World.label(before, "nodeqos.io/config-version")));

    assertTrue(
        note.contains("annotation nodeqos.io/config, label nodeqos.io/config-version"), note);
    JsonObject after = rig.world.untilWarm(node);
    assertEquals(
        annotation(before, "nodeqos.io/warmed-up-at"),
        annotation(after, "nodeqos.io/warmed-up-at"));
    rig.ready(node, "True");
  }

  @Test
  void gitOpsToolThatDeletesAndCreatesAPolicyAgainLeavesItsNodesWarm() {
    String node = "w-replaced";
    warmNode(node, "'reservation': {'cpu': '100m'}, " + NODE_READY);
    JsonObject before = rig.world.node(node);
    JsonObject policy = rig.ready(node, "True");
    int writes = rig.acceptedTo(node).size();
    int revisions = rig.writesOf("controllerrevisions");

    for (int round = 0; round < 5; round++) {
      other.deletePolicy(node);
      other.create(node, policy);
    }

    JsonObject after = rig.ready(node, "True");
    assertNotEquals(World.text(policy, "metadata", "uid"), World.text(after, "metadata", "uid"));
    JsonObject warm = rig.world.untilWarm(node);
    assertAll(
        () -> assertFalse(World.hasTaint(warm, STARTUP_TAINT), warm::toString),
        () ->
            assertEquals(
                annotation(before, "nodeqos.io/warmed-up-at"),
                annotation(warm, "nodeqos.io/warmed-up-at")),
        () -> assertEquals(writes, rig.acceptedTo(node).size(), rig.acceptedTo(node)::toString),
        () -> assertEquals(List.of(), rig.events(node, "WarmUpLost")),
        () ->
            assertTrue(
                rig.writesOf("controllerrevisions") - revisions <= 15,
                "at most three for each of the policies"));
    rig.leavesAlone(node);
  }

  @Test
  void gitOpsToolThatDeletesAndCreatesAPolicyAgainHasItsNodesCleanedAndWarmedUpAgain() {
    String node = "w-cleaned";
    warmNode(node, "'deletionPolicy': 'Remove', 'reservation': {'cpu': '100m'}, " + NODE_READY);
    JsonObject policy = rig.ready(node, "True");
    int writes = rig.acceptedTo(node).size();

    for (int round = 0; round < 2; round++) {
      other.deletePolicy(node);
      other.create(node, policy);
      rig.ready(node, "True");
      rig.world.untilWarm(node);
    }

    rig.event(node, "Cleaned");
    assertTrue(
        rig.acceptedTo(node).size() - writes <= 8,
        () -> "four a round, two patches each way: " + rig.acceptedTo(node));
    assertEquals(List.of(), rig.events(node, "WritesDamped"));
    rig.leavesAlone(node);
  }

  @Test
  void gitOpsToolThatPutsAnOldSpecBackAgainAndAgainIsNamedByAnEventAndTheLastSpecIsInForce() {
    String node = "w-reverted";
    warmNode(node, "'reservation': {'cpu': '100m'}, " + NODE_READY);
    int writes = rig.acceptedTo(node).size();

    int edits = 0;
    Instant begin = Instant.now();
    // Of a person, and of the tool that reverts it, in turn.
    while (rig.events(node, "WritesDamped").isEmpty()) {
      assertTrue(edits < 200, () -> "no Event WritesDamped: " + rig.writesTo(node));
      rig.world.changePolicy(node, cpu(edits % 2 == 0 ? "200m" : "100m"));
      edits++;
      WritersRig.pause(200);
    }
    Duration took = Duration.between(begin, Instant.now());
    assertTrue(took.compareTo(PAUSES) >= 0, () -> "without pauses: " + rig.writesTo(node));
    rig.world.changePolicy(node, cpu("300m"));

    Poll.until(
        "node with the last spec",
        () -> annotation(rig.world.node(node), "nodeqos.io/config"),
        config -> config.contains("\"cpu\":\"300m\""));
    JsonObject policy = rig.ready(node, "True");
    assertEquals("AllNodes", WritersRig.ready(policy, "reason"));
    List<Entry> all = rig.acceptedTo(node);
    // Twenty at once, then one at once, after 5 s, after 10 s, and after 20 s.
    assertTrue(all.size() - writes <= 26, edits + " edits, written: " + all);
    String note = rig.event(node, "WritesDamped");
    assertTrue(note.contains("annotation nodeqos.io/config"), note);
    assertTrue(note.contains("a policy, the node or its reserved pods had changed"), note);
    rig.leavesAlone(node);
  }

  private String cpu(String amount) {
    return rig.json("'reservation': {'cpu': '" + amount + "'}");
  }

  /** A policy, and a node that is warm by it. */
  private void warmNode(String name, String spec) {
    rig.world.policy(name, rig.json(spec));
    rig.world.node(name, true);
    rig.world.untilWarm(name);
    rig.ready(name, "True");
  }

  /** A policy, and a younger node that waits for its pod. */
  private void waitingNode(String name) {
    rig.world.policy(name, rig.json(AGENT.replace("NODE", name)));
    WritersRig.nextSecond();
    rig.world.node(name, true);
    rig.world.pod(name, name);
    rig.world.until(name, "False", "ReservedPodsNotReady", "is not Ready");
    rig.ready(name, "False");
  }

  /**
   * Undoes what the controller has written, waits until it is back, and so on until an Event
   * reports it: after the third repair, or the fourth when the cluster has changed before the first
   * one. Returns its note.
   */
  private String undoneUntilDamped(String node, Runnable undo, Predicate<JsonObject> intact) {
    int before = rig.acceptedTo(node).size();
    int undone = 0;
    while (rig.events(node, "WritesDamped").isEmpty()) {
      assertTrue(undone < 4, () -> "no Event WritesDamped: " + rig.writesTo(node));
      undo.run();
      undone++;
      Poll.until("repair of " + node, () -> rig.world.node(node), intact);
      WritersRig.pause(1_000);
    }
    List<Entry> repairs = rig.acceptedTo(node).subList(before, rig.acceptedTo(node).size());
    // A repair may come between the two writes of one undoing, and be undone by the second.
    assertTrue(repairs.size() <= 2 * undone, undone + " times undone: " + repairs);
    Duration took =
        Duration.between(repairs.get(0).received(), repairs.get(repairs.size() - 1).received());
    assertTrue(took.compareTo(PAUSES) >= 0, () -> "at once, after 5 s, after 10 s: " + repairs);
    String note = rig.event(node, "WritesDamped");
    assertTrue(note.contains("Another writer reverts it"), note);
    rig.leavesAlone(node);
    return note;
  }

  private static String annotation(JsonObject node, String key) {
    return World.text(node, "metadata", "annotations", key);
  }
}
