// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The running parts of a demo. Closing ends them in the reverse order, also from another thread and
 * while the demo is starting.
 */
public final class RunningParts implements AutoCloseable {
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private volatile boolean closed;

  /** Takes a part that has been started. */
  public synchronized <T extends AutoCloseable> T own(T part) {
    running.push(part);
    if (closed) {
      closeAll();
      throw new IllegalStateException("the demo is stopping");
    }
    return part;
  }

  /** True from the start of closing. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    closeAll();
  }

  private synchronized void closeAll() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        // The others must be ended all the same.
        System.err.println("demo: " + e);
      }
    }
  }
}
