// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopStackTest {
  private final StopStack stack = new StopStack();
  private final List<String> stopped = new ArrayList<>();

  @Test
  void stepsStopOnceInReverseOrderOfTheirStart() {
    push("a");
    push("b");
    push("c");
    stack.stop();
    stack.stop();
    assertEquals(List.of("c", "b", "a"), stopped);
  }

  @Test
  void failingStepDoesNotKeepOtherStepsFromStopping() {
    push("a");
    stack.push(
        "broken",
        () -> {
          throw new IllegalStateException("for the test");
        });
    stack.push(
        "unlinked",
        () -> {
          throw new NoClassDefFoundError("for the test");
        });
    push("b");
    stack.stop();
    assertEquals(List.of("b", "a"), stopped);
  }

  @Test
  void interruptIsKeptUntilAllStepsHaveRun() {
    stack.push(
        "a",
        () -> {
          assertFalse(Thread.currentThread().isInterrupted(), "it would cut this step short");
          stopped.add("a");
        });
    stack.push(
        "interrupted",
        () -> {
          throw new InterruptedException("for the test");
        });
    stack.stop();
    assertEquals(List.of("a"), stopped);
    assertTrue(Thread.interrupted(), "the caller still hears of it");
  }

  private void push(String description) {
    stack.push(description, () -> stopped.add(description));
  }
}
