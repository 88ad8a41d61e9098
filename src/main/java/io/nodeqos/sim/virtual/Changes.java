// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.virtual;

import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.store.WatchQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The changes of one collection that have not been taken yet. For one thread. */
public final class Changes {
  private final WatchQueue queue;

  Changes(WatchQueue queue) {
    this.queue = queue;
  }

  /** Takes all of them, in their order. */
  public List<StoredEvent> take() {
    List<StoredEvent> taken = new ArrayList<>();
    try {
      while (!queue.isEmpty()) {
        queue.poll(Duration.ZERO).ifPresent(taken::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return taken;
  }
}
