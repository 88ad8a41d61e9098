// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.cli.demo.ApiWrite.Target;
import io.nodeqos.cli.demo.DemoLeases.Held;
import io.nodeqos.cli.demo.DemoProgress.Outage;
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

/** a leads from second 1, is killed at second 10 and last renewed at 9; b leads from 15. */
class DemoFailoverTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final LeaderKill.Done KILL = new LeaderKill.Done(at(10), "pod-0_a");
  private static final List<ApiWrite> LEASES =
      List.of(
          write(1, Target.LEASE, "lease", 10, "a"),
          write(9, Target.LEASE, "lease", 90, "a"),
          write(15, Target.LEASE, "lease", 150, "b"),
          write(16, Target.LEASE, "lease", 160, "b"));

  private final List<ApiWrite> writes = new ArrayList<>();
  private final List<Instant> lists = new ArrayList<>();

  @Test
  void gapRunsFromTheLastNodeWriteOfTheOldLeaderToTheFirstOfTheNewLeader() {
    writes.add(write(5, Target.NODE, "n", 50, "a"));
    writes.add(write(8, Target.NODE_STATUS, "n", 80, "a"));
    writes.add(write(9, Target.POLICY, "base", 91, "a"));
    writes.add(write(16, Target.POLICY, "base", 161, "b"));
    writes.add(write(17, Target.NODE_STATUS, "n", 170, "b"));
    writes.add(write(18, Target.NODE, "n", 180, "b"));

    assertEquals(Optional.of(Duration.ofSeconds(9)), failover().gap(), "second 8 to 17");
    assertEquals(
        Optional.of(Duration.ofSeconds(8)),
        failover().sinceRenewal(),
        "second 9 to 17: the new leader's own renewals do not count");
  }

  @Test
  void withoutAWriteOfTheNewLeaderThereIsNoGap() {
    writes.add(write(8, Target.NODE, "n", 80, "a"));

    JsonObject json = failover().toJson();

    assertTrue(json.get("gapMs").isJsonNull(), "nothing was left to write");
    assertTrue(json.get("sinceLastRenewalMs").isJsonNull(), "nor here");
    assertEquals("SIGKILL", json.get("kind").getAsString());
  }

  @Test
  void listsAreCountedFromTheTakeover() {
    lists.add(at(2));
    lists.add(at(14));
    lists.add(at(16));

    assertEquals(1, failover().lists(), "a replica that starts lists, a new leader must not");
  }

  @Test
  void writeToAnAlreadyWarmNodeIsNeedless() {
    // Mark and condition before the kill, and a write after it.
    writes.add(write(5, Target.NODE, "done", 50, "a"));
    writes.add(write(6, Target.NODE_STATUS, "done", 60, "a"));
    writes.add(write(20, Target.NODE_STATUS, "done", 200, "b"));
    // The kill came between mark and condition: the next leader has to write it.
    writes.add(write(4, Target.NODE_STATUS, "half", 40, "a"));
    writes.add(write(9, Target.NODE, "half", 92, "a"));
    writes.add(write(16, Target.NODE_STATUS, "half", 161, "b"));
    // Warm only after the kill.
    writes.add(write(3, Target.NODE_STATUS, "later", 30, "a"));
    writes.add(write(17, Target.NODE, "later", 170, "b"));
    writes.add(write(18, Target.NODE_STATUS, "later", 180, "b"));

    assertEquals(1, failover().needlessWrites(), "the one to the node that was done");
  }

  @Test
  void openGapGrowsUntilTheNextLeaderWrites() {
    writes.add(write(8, Target.NODE, "n", 80, "a"));
    assertEquals(
        Optional.of(new Outage("pod-0", Duration.ofSeconds(4), false)),
        DemoFailover.gapSoFar(writes, KILL, at(12)));

    writes.add(write(17, Target.NODE, "n", 170, "b"));
    assertEquals(
        Optional.of(new Outage("pod-0", Duration.ofSeconds(9), true)),
        DemoFailover.gapSoFar(writes, KILL, at(30)));
  }

  private DemoFailover failover() {
    Recording recording =
        new Recording(
            new Expectation(3, Set.of()),
            List.of(warm("done", 50), warm("half", 92), warm("later", 170)),
            new DemoLog.Entries(Map.of(), writes, LEASES, lists),
            new DemoSummary.Leading(
                List.of(new Held("pod-0_a", 1, 10), new Held("pod-1_b", 2, 150)),
                Optional.of(KILL)),
            Optional.empty(),
            at(30));
    return DemoLeadership.of(recording).failover().orElseThrow();
  }

  private static State warm(String name, long version) {
    return new State(name, Phase.WARM, true, new Condition("", ""), new Times(0, 1, version));
  }

  private static ApiWrite write(
      int second, Target target, String name, long version, String podUid) {
    return new ApiWrite(at(second), at(second), target, name, version, podUid);
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }
}
