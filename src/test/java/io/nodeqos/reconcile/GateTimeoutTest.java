// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WriteRules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A timeout counts from the start of the warm-up, whatever happens in between. */
class GateTimeoutTest {
  private static final String SPEC =
      "{'warmUp': {'reservedPods': [{'namespace': 'kube-system', 'timeout': '10m',"
          + " 'onTimeout': 'Release'}]}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private TestProcess leader = leader();

  /** A new node counts from its creation, an older one from what it carries. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void timeoutSurvivesAnUnknownConditionAndAFailover(boolean isNew) {
    joins(isNew);
    look(false);
    assertEquals("False", condition().status());
    time.advance("4M");
    look(true);
    assertEquals("Unknown", condition().status());
    leader.fence.close();
    leader = leader();
    time.advance("4M");
    look(false);
    assertEquals("False", condition().status(), "turned twice, eight minutes after the start");
    time.advance("119S");
    look(false);
    assertFalse(WriteRules.isMarked(api.node("n")), "a second too early");
    time.advance("1S");
    look(false);
    assertTrue(WriteRules.isMarked(api.node("n")), "ten minutes after the start");
    assertFalse(api.node("n").annotations().containsKey(Keys.WARMING_UP_SINCE));
    assertEquals(
        "Released after their timeout: reservedPods of kube-system.", condition().message());
  }

  @Test
  void timeoutRestartsAfterARebootOfAWarmNode() {
    joins(true);
    look(false);
    time.advance("10M");
    look(false);
    assertTrue(WriteRules.isMarked(api.node("n")));
    time.advance("5H");
    api.change("n", n -> Plans.rebooted(n, "boot-2", time.instant()));
    look(false);
    assertFalse(WriteRules.isMarked(api.node("n")));
    time.advance("9M");
    leader = leader();
    look(false);
    assertFalse(WriteRules.isMarked(api.node("n")));
    time.advance("1M");
    look(false);
    assertTrue(WriteRules.isMarked(api.node("n")));
  }

  /** By our clock, under any leader, though the node was created in an hour by the API server's. */
  @Test
  void timeoutIsOnTimeWhenTheApiServerClockIsAhead() {
    api.put(node("n").created(time.instant().plusSeconds(3600)).taint(Keys.STARTUP_TAINT).build());
    look(false);
    time.advance("4M");
    look(true);
    leader.fence.close();
    leader = leader();
    time.advance("4M");
    look(false);
    time.advance("119S");
    look(false);
    assertFalse(WriteRules.isMarked(api.node("n")), "a second too early");
    time.advance("1S");
    look(false);
    assertTrue(WriteRules.isMarked(api.node("n")), "ten minutes after the first sight");
    time.advance("5H");
    api.change("n", n -> Plans.rebooted(n, "boot-2", time.instant()));
    look(false);
    assertFalse(WriteRules.isMarked(api.node("n")));
    leader = leader();
    time.advance("10M");
    look(false);
    assertTrue(WriteRules.isMarked(api.node("n")), "ten minutes after the reboot was seen");
  }

  /** As before, with the reboot while the node's creation still lies ahead. */
  @Test
  void timeoutIsOnTimeAfterARebootBeforeTheCreation() {
    api.put(
        node("n").created(time.instant().plusSeconds(36_000)).taint(Keys.STARTUP_TAINT).build());
    look(false);
    time.advance("10M");
    look(false);
    assertTrue(WriteRules.isMarked(api.node("n")));
    time.advance("1M");
    api.change("n", n -> Plans.rebooted(n, "boot-2", time.instant()));
    look(false);
    for (int minutes = 0; minutes < 9; minutes++) {
      time.advance("1M");
      look(minutes % 2 == 0);
      leader = leader();
    }
    assertFalse(WriteRules.isMarked(api.node("n")));
    time.advance("1M");
    look(false);
    assertTrue(WriteRules.isMarked(api.node("n")));
  }

  @Test
  void startOfANewNodeCostsNoWriteOfItsOwn() {
    joins(true);
    look(false);
    assertEquals(1, api.writes().size(), "the condition alone");
  }

  private TestProcess leader() {
    return TestProcess.leader(api, time, policy("p", SPEC));
  }

  private void joins(boolean isNew) {
    api.put(
        node("n")
            .created(isNew ? time.instant() : NodeFixture.CREATED)
            .taint(Keys.STARTUP_TAINT)
            .build());
  }

  private void look(boolean namespaceIsGone) {
    leader.cluster.reserve(
        "n", namespaceIsGone ? nothing() : kubeSystem(List.of(pod("cni", false)), List.of()));
    leader.reconcileFresh("n");
  }

  private NodeCondition condition() {
    return api.node("n").condition(Keys.WARMED_UP_CONDITION).orElseThrow();
  }
}
