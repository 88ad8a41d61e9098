// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SpanIdsTest {
  /** Replicas of two versions must agree: these never change. */
  @Test
  void idsAreTheSameInEveryVersion() {
    assertEquals(
        new SpanIds("21086b7c492837248cbea341a275dc91", "92e159e4da23a0b7"),
        SpanIds.ofWarmUp("6a0f2f0c-9d1e-4a54-8d53-0c1f1f0ce7a1", "boot-1"));
    SpanIds rollout =
        SpanIds.ofRollout(
            "6a0f2f0c-9d1e-4a54-8d53-0c1f1f0ce7a1",
            "1a2b3c4d5e",
            Instant.parse("2026-01-02T03:04:05Z"));
    assertEquals(new SpanIds("ed028b9c68a863566e442fed88e92dbf", "1da14df4c173db07"), rollout);
    assertEquals(
        new SpanIds("ed028b9c68a863566e442fed88e92dbf", "039c69bdd3d05328"),
        rollout.part("step 1"));
  }

  @Test
  void otherBootsAndNodesHaveOtherTraces() {
    assertNotEquals(SpanIds.ofWarmUp("a", "1"), SpanIds.ofWarmUp("a", "2"));
    assertNotEquals(SpanIds.ofWarmUp("a", "1"), SpanIds.ofWarmUp("b", "1"));
    assertNotEquals(SpanIds.ofWarmUp("a", "1").traceId(), SpanIds.ofWarmUp("a", "").traceId());
  }

  @Test
  void idsAreValid() {
    assertTrue(SpanIds.ofWarmUp("", "").context().isValid());
  }
}
