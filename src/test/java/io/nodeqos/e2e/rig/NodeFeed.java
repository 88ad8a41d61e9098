// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Work that does not end: five times a second a new node joins, and another owner changes an older
 * one.
 */
final class NodeFeed implements AutoCloseable {
  private static final long PERIOD_MILLIS = 200;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final NodePool pool;
  private volatile boolean paused;

  private NodeFeed(NodePool pool) {
    this.pool = pool;
  }

  static NodeFeed start(NodePool pool) {
    NodeFeed feed = new NodeFeed(pool);
    var unused =
        feed.timer.scheduleAtFixedRate(feed::tick, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return feed;
  }

  NodePool pool() {
    return pool;
  }

  /** No node joins and none changes, until {@link #resume}. */
  synchronized void pause() {
    paused = true;
  }

  synchronized void resume() {
    paused = false;
  }

  private synchronized void tick() {
    if (paused) {
      return;
    }
    try {
      pool.join();
      pool.touch(pool.joined() / 2);
    } catch (UncheckedIOException e) {
      // The server is away: the next tick tries the same node.
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
