// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the started components in reverse order; a failing stop does not prevent the others. */
final class StopStack {
  private static final Logger LOG = LoggerFactory.getLogger(StopStack.class);

  private final Deque<Step> steps = new ArrayDeque<>();

  /** One step of a stop. */
  @FunctionalInterface
  interface Stop {
    void run() throws Exception;
  }

  private record Step(String what, Stop stop) {}

  synchronized void push(String what, Stop stop) {
    steps.push(new Step(what, stop));
  }

  /** Runs each step once; a second call does nothing. */
  synchronized void stop() {
    boolean interrupted = false;
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        LOG.debug("Stopping: {}", step.what());
        step.stop().run();
      } catch (InterruptedException early) {
        // Restored at the end only: it would interrupt every later step, too.
        interrupted = true;
      } catch (Exception | LinkageError failed) {
        LOG.warn("Stop of {} failed", step.what(), failed);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
