// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeConvergence.Attempt;
import io.nodeqos.reconcile.node.NodeReader.Sight;
import java.time.Duration;

/**
 * Reconciles one node: read it from the caches, decide its wanted state, write the difference when
 * this process leads, report. Called by many workers concurrently, never by two for the same node.
 */
public final class NodeReconciler implements WorkerPool.Handler {
  /** While the caches fill, no decision is made; a worker that is too early tries again. */
  private static final Duration UNSYNCED_RETRY = Duration.ofSeconds(1);

  private final NodeReader reader;
  private final NodeConvergence convergence;
  private final FailedWrites failures;
  private final KnownNodes known;
  private final SyncReport report;

  public NodeReconciler(
      NodeReader reader,
      NodeConvergence convergence,
      FailedWrites failures,
      KnownNodes known,
      SyncReport report) {
    this.reader = reader;
    this.convergence = convergence;
    this.failures = failures;
    this.known = known;
    this.report = report;
  }

  @Override
  public Outcome handle(WorkItem item) {
    Step step = report.of(item, () -> reconcile(item, reader.look(item.key()), true));
    if (step.equals(Step.GONE)) {
      known.forget(item.key());
    }
    return step.outcome();
  }

  /** A conflict is retried once at once, with the node as read from the API server. */
  private Step reconcile(WorkItem item, Sight sight, boolean mayConflict) {
    if (sight instanceof Sight.NotSynced) {
      return new Step(SyncResult.NOT_SYNCED, new Outcome.Again(item.lane(), UNSYNCED_RETRY));
    }
    if (sight instanceof Sight.Behind behind) {
      return new Step(SyncResult.CACHE_BEHIND, new Outcome.Again(item.lane(), behind.left()));
    }
    if (sight instanceof Sight.Failed failed) {
      return failures.step(item.key(), failed.why());
    }
    if (!(sight instanceof Sight.Found found)) {
      return Step.GONE;
    }
    Attempt attempt = convergence.converge(item, found.node());
    if (attempt instanceof Attempt.Ended ended) {
      return ended.step();
    }
    WriteResult why = ((Attempt.Failed) attempt).why();
    if (why instanceof WriteResult.Conflict) {
      report.conflict(mayConflict);
      if (mayConflict) {
        return reconcile(item, reader.read(item.key()), false);
      }
    }
    return failures.step(item.key(), why);
  }
}
