// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Leaves a line in {@code target/skipped-tests.txt} for each reason why tests of a run were
 * skipped: how many, and the reason. {@code hack/test} ends with them.
 */
public final class SkippedTests implements TestExecutionListener {
  private static final Path FILE = Path.of("target", "skipped-tests.txt");

  private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();
  private final AtomicReference<TestPlan> plan = new AtomicReference<>();

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan.set(started);
  }

  @Override
  public void executionSkipped(TestIdentifier identifier, String reason) {
    count(identifier, reason);
  }

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      count(identifier, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
    }
  }

  private void count(TestIdentifier skipped, String reason) {
    long tests =
        skipped.isTest()
            ? 1
            : plan.get().getDescendants(skipped).stream().filter(TestIdentifier::isTest).count();
    counts.merge(reason, (int) tests, Integer::sum);
  }

  @Override
  public void testPlanExecutionFinished(TestPlan finished) {
    StringBuilder lines = new StringBuilder();
    counts.forEach((reason, tests) -> lines.append("%d skipped: %s%n".formatted(tests, reason)));
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
