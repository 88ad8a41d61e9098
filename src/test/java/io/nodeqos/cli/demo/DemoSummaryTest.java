// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.demo.ApiWrite.Target;
import io.nodeqos.cli.demo.DemoLeases.Held;
import io.nodeqos.cli.demo.DemoSummary.Recording;
import io.nodeqos.cli.demo.NodeBoard.Condition;
import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.demo.NodeBoard.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoSummaryTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ApiWrite TAKEN =
      new ApiWrite(START, START, Target.LEASE, DemoLeases.NAME, 1, "uid");
  private static final Map<String, Instant> REGISTERED =
      Map.of("a", START, "b", at(2), "stuck", at(1));

  @Test
  void runIsAsExpectedWhenAllButTheStuckNodesAreWarm() {
    DemoSummary summary = DemoSummary.of(recording(states(), writes(), Optional.of(at(20))));

    assertTrue(summary.asExpected(), "a and b are warm, and the stuck node is not expected");
    assertEquals(new DemoSummary.Nodes(3, 2, 3, 2, 0), summary.nodes());
    assertEquals(List.of("stuck"), summary.notWarm().stream().map(State::name).toList());
  }

  @Test
  void runIsNotAsExpectedWhenTheStuckNodeIsWarmToo() {
    List<State> states = List.of(warm("a", 11), warm("b", 21), warm("stuck", 31));

    assertFalse(
        DemoSummary.of(recording(states, writes(), Optional.empty())).asExpected(),
        "a node was marked warm although a gate cannot hold");
  }

  @Test
  void runIsNotAsExpectedWhenANodeHasNotJoinedYet() {
    List<State> states = List.of(warm("a", 11), waiting("stuck"));

    assertFalse(
        DemoSummary.of(recording(states, writes(), Optional.empty())).asExpected(),
        "one of the two expected nodes is missing");
  }

  @Test
  void runIsNotAsExpectedWhenAStandbyWrote() {
    List<ApiWrite> writes = new ArrayList<>(writes());
    writes.add(new ApiWrite(at(7), at(7), Target.NODE, "a", 18, "another"));

    assertFalse(
        DemoSummary.of(recording(states(), writes, Optional.of(at(20)))).asExpected(),
        "all nodes are warm, but a replica wrote that did not hold the Lease");
  }

  @Test
  void timesRunFromTheRegistrationToTheWriteOfTheMark() {
    DemoSummary summary = DemoSummary.of(recording(states(), writes(), Optional.empty()));

    assertEquals(
        List.of(Duration.ofSeconds(5), Duration.ofSeconds(6)),
        summary.timesToWarm(),
        "a: second 0 to 5, b: second 2 to 8");
    assertEquals(Optional.of(Duration.ofSeconds(8)), summary.timeToAllWarm());
  }

  @Test
  void nodeWithoutItsRegistrationInTheLogHasNoTimes() {
    List<State> states = List.of(warm("a", 11), warm("dropped", 51), waiting("stuck"));
    List<ApiWrite> writes = new ArrayList<>(writes());
    for (int i = 0; i < 9; i++) {
      writes.add(write(i, Target.NODE, "dropped", 43 + i));
    }

    DemoSummary summary = DemoSummary.of(recording(states, writes, Optional.empty()));

    assertEquals(List.of(Duration.ofSeconds(5)), summary.timesToWarm(), "that of a");
    assertEquals(2, summary.nodes().warm());
    assertEquals(List.of(), summary.writes().overBudget());
    assertEquals(9, summary.writes().most());
  }

  @Test
  void markSeenWithALaterStatusWriteCountsFromItsOwnWrite() {
    List<State> states = List.of(warm("a", 19));

    assertEquals(
        List.of(Duration.ofSeconds(5)),
        DemoSummary.of(recording(states, writes(), Optional.empty())).timesToWarm(),
        "version 11 is the last write to the node at or before version 19");
  }

  @Test
  void thereIsNoTimeToAllWarmWhenAnExpectedNodeIsNotWarm() {
    List<State> states = List.of(warm("a", 11), waiting("b"), waiting("stuck"));

    assertEquals(
        Optional.empty(),
        DemoSummary.of(recording(states, writes(), Optional.empty())).timeToAllWarm());
  }

  @Test
  void writesToNodesAndTheirStatusAreCountedPerNode() {
    DemoSummary.Writes writes =
        DemoSummary.of(recording(states(), writes(), Optional.of(at(20)))).writes();

    assertEquals(2.0, writes.perNode(), "six writes to three nodes");
    assertEquals(3, writes.most(), "a had three");
    assertEquals(List.of(), writes.overBudget());
  }

  @Test
  void budgetGrowsByOneForEachFullTenSecondsWaited() {
    assertEquals(4, WriteBudget.allowed(Duration.ofMillis(9_999)));
    assertEquals(5, WriteBudget.allowed(Duration.ofMillis(10_000)));
    assertEquals(6, WriteBudget.allowed(Duration.ofMillis(29_999)));
  }

  @Test
  void nodeWithMoreWritesThanItsBudgetIsCounted() {
    List<ApiWrite> writes = new ArrayList<>(writes());
    for (int i = 0; i < 3; i++) {
      writes.add(write(6 + i, Target.NODE_STATUS, "b", 30 + i));
    }

    DemoSummary.Writes counted =
        DemoSummary.of(recording(states(), writes, Optional.of(at(20)))).writes();

    assertEquals(
        List.of(
            "b: 5 writes, 6.0 s to warm: node +1.0 s, node +6.0 s,"
                + " node_status +4.0 s, node_status +5.0 s, node_status +6.0 s"),
        counted.overBudget().stream().map(WriteBudget::explain).toList());
  }

  @Test
  void afterConvergenceAllWritesWithinTenSecondsCount() {
    List<ApiWrite> writes = new ArrayList<>(writes());
    writes.add(write(20, Target.POLICY, "base", 40));
    writes.add(write(25, Target.NODE, "a", 41));
    writes.add(write(29, Target.DAEMON_SET, "spinner", 42));
    writes.add(write(30, Target.NODE, "a", 43));

    assertEquals(
        Optional.of(3),
        DemoSummary.of(recording(states(), writes, Optional.of(at(20))))
            .writes()
            .afterConvergence(),
        "the one of second 30 is too late to count");
  }

  @Test
  void fileHasEveryFieldWhenTheFleetDidNotConverge() {
    DemoSummary summary =
        DemoSummary.of(recording(List.of(warm("a", 11), waiting("b")), writes(), Optional.empty()));

    JsonObject json = JsonParser.parseString(summary.toJson()).getAsJsonObject();

    assertEquals(
        Set.of(
            "nodes",
            "expectedWarm",
            "configured",
            "warm",
            "timeToAllWarmMs",
            "writesPerNode",
            "maxWritesPerNode",
            "nodesOverWriteBudget",
            "writesAfterConvergence",
            "waiting",
            "leaders",
            "failover",
            "overlappingWrites",
            "lateWrites"),
        json.keySet());
    assertTrue(json.get("timeToAllWarmMs").isJsonNull(), "not all expected nodes are warm");
    assertTrue(json.get("writesAfterConvergence").isJsonNull(), "nothing to count from");
    assertTrue(json.get("failover").isJsonNull(), "no leader was killed");
    assertEquals(
        "ReservedPodsNotReady",
        json.getAsJsonArray("waiting").get(0).getAsJsonObject().get("reason").getAsString());
  }

  private static Recording recording(
      List<State> states, List<ApiWrite> writes, Optional<Instant> converged) {
    return new Recording(
        new Expectation(3, Set.of("stuck")),
        states,
        new DemoLog.Entries(REGISTERED, writes, List.of(TAKEN), List.of()),
        new DemoSummary.Leading(List.of(new Held("pod_uid", 1, 1)), Optional.empty()),
        converged,
        at(31));
  }

  private static List<State> states() {
    return List.of(warm("a", 11), warm("b", 21), waiting("stuck"));
  }

  private static List<ApiWrite> writes() {
    return List.of(
        write(1, Target.NODE, "a", 9),
        write(1, Target.NODE_STATUS, "a", 10),
        write(5, Target.NODE, "a", 11),
        write(3, Target.NODE, "b", 15),
        write(8, Target.NODE, "b", 20),
        write(9, Target.NODE, "stuck", 22),
        write(10, Target.POLICY, "base", 23));
  }

  private static ApiWrite write(int second, Target target, String name, long version) {
    return new ApiWrite(at(second), at(second), target, name, version, "uid");
  }

  private static State warm(String name, long version) {
    return new State(name, Phase.WARM, true, new Condition("", ""), new Times(0, 1, version));
  }

  private static State waiting(String name) {
    return new State(
        name,
        Phase.WAITING,
        true,
        new Condition("ReservedPodsNotReady", "kube-system/cilium-xxxxx is not Ready"),
        new Times(0, 0, 0));
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }
}
