// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import java.util.Optional;
import java.util.OptionalLong;

/** A queue of the simulated controller and its work, one key at a time. */
final class QueueWork {
  private final KeyedQueue queue;
  private final WorkerPool.Handler handler;

  QueueWork(KeyedQueue queue, WorkerPool.Handler handler) {
    this.queue = queue;
    this.handler = handler;
  }

  /** Works on one key as a worker of the pool does; false when none is ready. */
  boolean work() {
    Optional<WorkItem> item = queue.poll();
    item.ifPresent(this::work);
    return item.isPresent();
  }

  OptionalLong nanosUntilDue() {
    return queue.nanosUntilDue();
  }

  private void work(WorkItem item) {
    try {
      apply(item.key(), handler.handle(item));
    } catch (Exception e) {
      throw new IllegalStateException("work on " + item.key() + " failed: " + e, e);
    } finally {
      queue.done(item.key());
    }
  }

  private void apply(String key, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      queue.retry(key, failed.delays(), failed.span());
    } else if (outcome instanceof Outcome.Postponed postponed) {
      queue.postpone(key, postponed.after());
    } else {
      queue.forget(key);
      if (outcome instanceof Outcome.Again again) {
        queue.addAfter(key, again.lane(), Trigger.after(again.span()), again.after());
      }
    }
  }
}
