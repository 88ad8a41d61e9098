// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says what is going on whenever one step takes longer than two seconds. Thread-safe. */
public final class Progress implements AutoCloseable {
  private static final long PERIOD_SECONDS = 2;

  private final PrintStream out;
  private final ScheduledExecutorService timer;
  private volatile String scenario = "";
  private volatile Step step = new Step("", () -> "", 0);

  private record Step(String what, Supplier<String> how, long begin) {}

  private Progress(PrintStream out, ScheduledExecutorService timer) {
    this.out = out;
    this.timer = timer;
  }

  /** Begins to report on the standard error. */
  public static Progress start() {
    Progress progress =
        new Progress(
            System.err,
            Executors.newSingleThreadScheduledExecutor(
                task -> {
                  Thread thread = new Thread(task, "progress");
                  thread.setDaemon(true);
                  return thread;
                }));
    var unused =
        progress.timer.scheduleAtFixedRate(
            progress::report, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return progress;
  }

  /** What the next steps are for. */
  public void scenario(String name) {
    scenario = name + ": ";
  }

  /** From now on this is done. */
  public void step(String what) {
    step(what, () -> "");
  }

  /**
   * From now on this is done.
   *
   * @param how how far it is
   */
  public void step(String what, Supplier<String> how) {
    step = new Step(what, how, System.nanoTime());
  }

  private void report() {
    Step now = step;
    long seconds = (System.nanoTime() - now.begin()) / 1_000_000_000L;
    if (!now.what().isEmpty() && seconds >= PERIOD_SECONDS) {
      String how = now.how().get();
      out.printf(
          "hack/bench: %s%s%s, %d s%n",
          scenario, now.what(), how.isEmpty() ? "" : " " + how, seconds);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
