// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, stopped in reverse order; one that fails does not keep the others. */
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

  /** Runs each step once; a second call finds nothing left. */
  synchronized void stop() {
    boolean interrupted = false;
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        LOG.debug("stopping: {}", step.what());
        step.stop().run();
      } catch (InterruptedException early) {
        // Restored at the end only: it would cut every later step short as well.
        interrupted = true;
      } catch (Exception | LinkageError failed) {
        LOG.warn("could not stop {}", step.what(), failed);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
