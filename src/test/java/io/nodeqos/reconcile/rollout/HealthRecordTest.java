// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.policy.rollout.RolloutState.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthRecordTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Symptom POD = Symptom.passing("Pod/x", "PodNotReady", "pod x is not Ready");
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
  private static final Symptom ERROR =
      new Symptom(
          "ApplyError/1",
          "ApplyError",
          "the agent says: no",
          Optional.empty(),
          Optional.of(Duration.ZERO));

  private final HealthRecord record = new HealthRecord("a", START);
  private Instant now = START;

  @Test
  void nodeWithoutTroubleIsHealthy() {
    seen();
    assertEquals(NodeHealth.HEALTHY, health());
    assertFalse(record.isUnwell());
  }

  @Test
  void passingTroubleIsAFailureAfterTheGrace() {
    seen(POD);
    assertFalse(health().healthy());
    assertFalse(health().failed());
    assertTrue(record.isUnwell());
    seconds(29);
    seen(POD);
    assertFalse(health().failed());
    seconds(1);
    seen(POD);
    assertEquals(
        new Failure("n", START, "PodNotReady", "pod x is not Ready"), health().failure().get());
    seen();
    assertEquals(NodeHealth.HEALTHY, health(), "it has passed");
  }

  @Test
  void nodeThatJoinsOnTheTargetMustAcknowledgeIt() {
    seen(
        POD,
        new Symptom(
            "NotAcknowledged/1",
            "NotAcknowledged",
            "",
            Optional.empty(),
            Optional.of(TWO_MINUTES)));
    record.acceptPresent();
    assertFalse(health().healthy());
    seen(POD);
    assertTrue(health().healthy(), "its pod was not Ready before");
  }

  @Test
  void agentHasAsLongAsThePolicySays() {
    Symptom late =
        new Symptom(
            "NotAcknowledged/1", "NotAcknowledged", "", Optional.empty(), Optional.of(TWO_MINUTES));
    seen(late);
    seconds(119);
    seen(late);
    assertFalse(health().healthy(), "the step waits for it");
    assertFalse(health().failed());
    seconds(1);
    seen(late);
    assertTrue(health().failed());
  }

  @Test
  void whatAStepWaitsForIsNoFailureHoweverOftenItComes() {
    Symptom waits =
        new Symptom("Stabilizing", "Stabilizing", "", Optional.empty(), Optional.empty());
    for (int i = 0; i < 10; i++) {
      seen(waits);
      seconds(600);
      seen(waits);
      assertFalse(health().healthy());
      assertFalse(health().failed());
      seen();
      seconds(1);
    }
  }

  @Test
  void someTroublesAreFailuresAtOnce() {
    seen(ERROR);
    assertTrue(health().failed());
  }

  @Test
  void crashLoopIsAFailureAlthoughEachCrashPasses() {
    for (int i = 0; i < HealthRecord.TOO_OFTEN - 1; i++) {
      seen(POD);
      seconds(1);
      seen();
      seconds(1);
    }
    assertFalse(health().failed());
    seen(POD);
    assertTrue(health().failed());
    seen();
    assertTrue(health().failed(), "a pod of a crash loop is Ready in between");
    assertTrue(health().healthy());
  }

  @Test
  void whatWasWrongBeforeDoesNotCountUntilItHasGoneOnce() {
    seen(POD, ERROR);
    record.acceptPresent();
    seconds(100);
    seen(POD, ERROR);
    assertEquals(NodeHealth.HEALTHY, health());
    assertTrue(record.isUnwell(), "the node still comes last");
    seen(ERROR);
    seen(POD, ERROR);
    assertFalse(health().healthy(), "the pod has broken again");
  }

  @Test
  void crashesBeforeTheChangeAreForgotten() {
    for (int i = 0; i < 2; i++) {
      seen(POD);
      seen();
    }
    record.acceptPresent();
    seen(POD);
    seen();
    assertFalse(health().failed());
  }

  @Test
  void newLeaderAcceptsWhatTheApiSaysIsOlderThanTheRollout() {
    Symptom old = since("Ready", START.minusSeconds(1));
    Symptom recent = since("DiskPressure", START.plusSeconds(1));
    seen(old, recent, POD);
    record.acceptFrom(START);
    seconds(60);
    seen(old);
    assertEquals(NodeHealth.HEALTHY, health());
    seen(old, recent);
    assertFalse(health().healthy());
  }

  @Test
  void firstOfSeveralFailuresIsReported() {
    seen(POD);
    seconds(10);
    seen(POD, ERROR);
    assertEquals("ApplyError", health().failure().get().reason(), "the pod may still recover");
    seconds(20);
    seen(POD, ERROR);
    assertEquals("PodNotReady", health().failure().get().reason());
  }

  @Test
  void anotherRevisionIsDatedFromTheFirstSight() {
    seconds(5);
    record.carries("a", now);
    assertEquals(START, record.changedAt());
    record.carries("b", now);
    assertEquals(START.plusSeconds(5), record.changedAt());
  }

  private static Symptom since(String type, Instant at) {
    return new Symptom(
        type, "Pressure", "condition " + type, Optional.of(at), Optional.of(Symptom.RESTART));
  }

  private void seconds(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private void seen(Symptom... symptoms) {
    record.seen(List.of(symptoms), now);
  }

  private NodeHealth health() {
    return record.health("n", now);
  }
}
