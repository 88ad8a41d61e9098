// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.election.Fence;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.telemetry.logging.LogContext;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Runs work that only the leader does, while its caches are filled: on spinners and on stored
 * revisions. Keys are names of policies.
 */
public final class LeaderHandler implements WorkerPool.Handler {
  private static final Duration UNSYNCED_RETRY = Duration.ofSeconds(1);

  private final BooleanSupplier synced;
  private final Fence fence;
  private final WorkerPool.Handler work;

  /**
   * @param synced true once the caches are filled: before that, absence is no evidence
   */
  public LeaderHandler(BooleanSupplier synced, Fence fence, WorkerPool.Handler work) {
    this.synced = synced;
    this.fence = fence;
    this.work = work;
  }

  @Override
  public Outcome handle(WorkItem item) throws Exception {
    try (LogContext ignored =
        LogContext.of(LogContext.Key.POLICY, item.key())
            .and(LogContext.Key.EPOCH, fence.isOpen() ? fence.epoch() : "")) {
      if (!synced.getAsBoolean()) {
        return Outcome.again(UNSYNCED_RETRY);
      }
      return fence.isOpen() ? work.handle(item) : Outcome.done();
    }
  }
}
