// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetPlanTest {

  private static final FleetTimings.Range RANGE = FleetTimings.Range.ofMillis(100, 1_000);

  @Test
  void sameSeedGivesTheSamePlan() {
    FleetPlan one = FleetPlan.of(settings(100, 7));
    FleetPlan other = FleetPlan.of(settings(100, 7));

    assertEquals(one.members(), other.members());
    assertEquals(
        one.delay(one.members().get(3), "ready", RANGE),
        other.delay(other.members().get(3), "ready", RANGE));
    assertNotEquals(one.members(), FleetPlan.of(settings(100, 8)).members());
  }

  @Test
  void sharesOfTheMixAreKept() {
    List<FleetPlan.Member> members = FleetPlan.of(settings(100, 7)).members();

    assertEquals(100, members.stream().map(FleetPlan.Member::name).distinct().count());
    assertEquals(20, count(members, FleetPlan.POOL_GPU));
    assertEquals(80, count(members, FleetPlan.POOL_GENERAL));
    assertEquals(
        5, members.stream().filter(member -> member.conduct().pace() == 3).count(), "5 % are slow");
  }

  @Test
  void nodesJoinEvenlyOverTheWholeTime() {
    List<FleetPlan.Member> members = FleetPlan.of(settings(101, 7)).members();

    assertEquals(Duration.ZERO, members.get(0).conduct().joinAfter());
    assertEquals(Duration.ofSeconds(5), members.get(50).conduct().joinAfter());
    assertEquals(Duration.ofSeconds(10), members.get(100).conduct().joinAfter());
  }

  @Test
  void stuckNodeIsNotASlowOne() {
    for (int seed = 0; seed < 50; seed++) {
      FleetPlan plan = FleetPlan.of(settings(20, seed));
      List<FleetPlan.Member> stuck =
          plan.members().stream().filter(FleetPlan.Member::stuck).toList();

      assertEquals(1, stuck.size());
      assertEquals(plan.stuck(), List.of(stuck.get(0).name()));
      assertEquals(1, stuck.get(0).conduct().pace(), "only its agent can be the reason");
    }
  }

  @Test
  void delaysStayInTheirRangeScaledByTheNode() {
    FleetPlan plan = FleetPlan.of(settings(200, 7));

    for (FleetPlan.Member member : plan.members()) {
      long millis = plan.delay(member, "ready", RANGE).toMillis();
      double pace = member.conduct().pace();
      assertTrue(millis >= 100 * pace && millis <= 1_000 * pace, member + " takes " + millis);
    }
  }

  @Test
  void twoHundredNodesJoinInTenSecondsAndTwoThousandInAMinute() {
    assertEquals(10, FleetSettings.demoJoinOver(200).toSeconds());
    assertEquals(60, FleetSettings.demoJoinOver(2_000).toSeconds());
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> settings(0, 1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, 1), "all nodes stuck");
    assertThrows(IllegalArgumentException.class, () -> new FleetMix(1.1, 0, 1, 0, false, Map.of()));
    assertThrows(IllegalArgumentException.class, () -> FleetTimings.Range.ofMillis(2, 1));
    assertFalse(FleetPlan.of(settings(2, 1)).stuck().isEmpty());
  }

  private static long count(List<FleetPlan.Member> members, String pool) {
    return members.stream().filter(member -> member.pool().equals(pool)).count();
  }

  private static FleetSettings settings(int nodes, long seed) {
    return new FleetSettings(
        nodes,
        seed,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        new FleetMix(0.2, 0.05, 3, 1, false, Map.of()),
        FleetTimings.demo());
  }
}
