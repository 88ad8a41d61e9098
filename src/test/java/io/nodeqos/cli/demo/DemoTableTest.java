// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.demo.NodeBoard.Condition;
import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.demo.NodeBoard.Times;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DemoTableTest {

  @Test
  void tableIsAlignedAndNamesTheStuckNodeWithItsReason() {
    DemoSummary summary =
        new DemoSummary(
            new DemoSummary.Nodes(200, 199, 200, 199, 0),
            Optional.of(Duration.ofMillis(34_500)),
            List.of(Duration.ofSeconds(6)),
            new DemoSummary.Writes(3.61, 6, List.of(), Optional.of(0)),
            List.of(waiting("general-00020", "ReservedPodsNotReady", "The warm-up has 1 blocker.")),
            new DemoLeadership(
                List.of("pod-2_x", "pod-0_y"),
                0,
                1,
                Optional.of(
                    new DemoFailover(
                        "SIGKILL",
                        Optional.of(Duration.ofMillis(5_400)),
                        Optional.of(Duration.ofMillis(6_100)),
                        0,
                        0))));

    assertEquals(
        List.of(
            "nodes                            200   1 of them not expected to become warm,"
                + " as its network agent never becomes Ready",
            "configured                       200",
            "warm                         199/199",
            "time to all warm              34.5 s   from the first registration to the last mark",
            "time to warm                           median 6.0 s, P99 6.0 s, slowest 6.0 s",
            "writes per node                 3.61   at most 6; 0 nodes over the budget of 4 and 1"
                + " more per 10 s waited",
            "writes after convergence           0   in 10 s",
            "leader terms                       2   pod-2, then pod-0",
            "failover gap                   5.4 s   SIGKILL: from the old leader's last write to a"
                + " node to the new one's first",
            "since the last renewal         6.1 s   to the same write; the lease duration is 6 s",
            "needless after failover            0   writes to converged nodes; 0 lists",
            "overlapping writes                 0   by a replica that no longer led; 1 more were in flight",
            "",
            "general-00020 waits, as expected",
            "  ReservedPodsNotReady: The warm-up has 1 blocker."),
        DemoTable.lines(summary, Set.of("general-00020")));
  }

  @Test
  void runThatFailedShowsAFewOfTheNodesThatAreNotWarm() {
    DemoSummary summary =
        new DemoSummary(
            new DemoSummary.Nodes(8, 8, 0, 0, 0),
            Optional.empty(),
            List.of(),
            new DemoSummary.Writes(0, 0, List.of(), Optional.empty()),
            IntStream.range(0, 8).mapToObj(i -> waiting("n" + i, "", "")).toList(),
            new DemoLeadership(List.of(), 0, 0, Optional.empty()));

    List<String> lines = DemoTable.lines(summary, Set.of());

    assertTrue(lines.contains("n4 is not warm"), "the first five are named: " + lines);
    assertTrue(lines.contains("  without the condition nodeqos.io/WarmedUp"), "why: " + lines);
    assertEquals("and 3 more nodes are not warm", lines.get(lines.size() - 1));
    assertTrue(
        lines.contains(
            "time to all warm                   -   from the first registration to the"
                + " last mark"),
        "no time to report: " + lines);
    assertTrue(
        lines.stream().noneMatch(line -> line.startsWith("failover gap")),
        "no replica was killed: " + lines);
  }

  private static State waiting(String name, String reason, String message) {
    return new State(name, Phase.WAITING, true, new Condition(reason, message), new Times(0, 0, 0));
  }
}
