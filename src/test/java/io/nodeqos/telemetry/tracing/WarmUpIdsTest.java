// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WarmUpIdsTest {
  /** Replicas of two versions must agree: these never change. */
  @Test
  void idsAreTheSameInEveryVersion() {
    assertEquals(
        new WarmUpIds("21086b7c492837248cbea341a275dc91", "92e159e4da23a0b7"),
        WarmUpIds.of("6a0f2f0c-9d1e-4a54-8d53-0c1f1f0ce7a1", "boot-1"));
  }

  @Test
  void otherBootsAndNodesHaveOtherTraces() {
    assertNotEquals(WarmUpIds.of("a", "1"), WarmUpIds.of("a", "2"));
    assertNotEquals(WarmUpIds.of("a", "1"), WarmUpIds.of("b", "1"));
    assertNotEquals(WarmUpIds.of("a", "1").traceId(), WarmUpIds.of("a", "").traceId());
  }

  @Test
  void idsAreValid() {
    assertTrue(WarmUpIds.of("", "").context().isValid());
  }
}
