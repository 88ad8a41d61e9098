// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.createdAt;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.PodView;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations do not depend on steps of the wall clock; written times are of the wall clock. */
class ClockStepTest {
  private static final String STABLE =
      "{'warmUp': {'stableFor': '30s', 'reservedPods': [{'namespace': 'kube-system'}]}}";
  private static final String TIMEOUT =
      "{'warmUp': {'reservedPods': [{'namespace': 'kube-system', 'timeout': '10m',"
          + " 'onTimeout': 'Release'}]}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private TestProcess leader;

  private void leads(String spec) {
    leader = TestProcess.leader(api, time, policy("p", spec));
  }

  private void joins(Instant created) {
    api.put(node("n").created(created).taint(Keys.STARTUP_TAINT).build());
  }

  private void look(boolean isReady) {
    PodView cni = createdAt(pod("cni", isReady), api.node("n").meta().createdAt());
    leader.cluster.reserve("n", kubeSystem(List.of(cni), List.of()));
    leader.reconcileFresh("n");
  }

  private boolean isWarm() {
    return WriteRules.isMarked(api.node("n"));
  }

  private NodeCondition condition() {
    return api.node("n").condition(Keys.WARMED_UP_CONDITION).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1H", "PT1H", "PT-10S", "PT10S"})
  void stableForIsMeasuredByTheMonotonicClock(String step) {
    leads(STABLE);
    joins(time.instant());
    look(false);
    look(true);
    time.stepWall(Duration.parse(step));
    time.advance("29S");
    look(true);
    assertFalse(isWarm(), "a second too early");
    time.advance("1S");
    look(true);
    assertTrue(isWarm());
    assertEquals(time.instant().toString(), api.node("n").annotations().get(Keys.WARMED_UP_AT));
    assertEquals(time.instant().truncatedTo(ChronoUnit.SECONDS), condition().lastTransitionTime());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1H", "PT1H", "PT-5M", "PT5M"})
  void timeoutsOfGatesAreMeasuredByTheMonotonicClock(String step) {
    for (Instant created : List.of(time.instant(), NodeFixture.CREATED)) {
      leads(TIMEOUT);
      joins(created);
      look(false);
      time.advance("2M");
      time.stepWall(Duration.parse(step));
      look(false);
      time.advance("479S");
      look(false);
      assertFalse(isWarm(), "a second too early");
      time.advance("1S");
      look(false);
      assertTrue(isWarm(), "ten minutes after the start");
    }
  }

  @Test
  void startInTheFutureCountsFromTheFirstSight() {
    leads(TIMEOUT);
    joins(time.instant().plus(Duration.ofMinutes(30)));
    look(false);
    time.advance("599S");
    look(false);
    assertFalse(isWarm(), "a second too early");
    time.advance("1S");
    look(false);
    assertTrue(isWarm(), "the API server's clock is ahead");
  }

  @Test
  void processStartedAfterAStepCountsByTheWallClock() {
    leads(TIMEOUT);
    joins(NodeFixture.CREATED);
    look(false);
    time.stepWall(Duration.ofHours(-1));
    time.advance("4M");
    leads(TIMEOUT);
    look(false);
    time.advance("599S");
    look(false);
    assertFalse(isWarm(), "the begin on the node is in the future of the new process");
    time.advance("1S");
    look(false);
    assertTrue(isWarm());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1H", "PT1H"})
  void wordingOfAConditionIsWrittenAfterItsInterval(String step) {
    leads(STABLE);
    joins(time.instant());
    look(false);
    leader.cluster.reserve(
        "n", kubeSystem(List.of(pod("cni", false), pod("csi", false)), List.of()));
    time.stepWall(Duration.parse(step));
    time.advance("9S");
    leader.reconcileFresh("n");
    String before = condition().message();
    assertFalse(before.contains("csi"), before);
    time.advance("1S");
    leader.reconcileFresh("n");
    assertTrue(condition().message().contains("csi"), condition().message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1H", "PT1H"})
  void lossOfAMarkCountsForTheWindowOfTheBrake(String step) {
    BrakeState due =
        new BrakeState(BrakeState.Kind.DUE, "p", time.instant(), "a gate is closed", "u/b");
    Instant now = time.instant().plusSeconds(10);
    Instant written = now.plus(Duration.parse(step));
    BrakeState lost =
        BrakeState.of(
            node("n")
                .uid("u")
                .boot("b")
                .annotation(Keys.WARMED_UP_FOR, "u/b")
                .condition(new NodeCondition(Keys.WARMED_UP_CONDITION, "False", "r", "m", written))
                .build(),
            null,
            "p",
            due,
            now);
    assertEquals(BrakeState.Kind.LOST, lost.kind());
    assertEquals(0, Duration.between(lost.since(), now).toSeconds(), "as this process saw it");
  }
}
