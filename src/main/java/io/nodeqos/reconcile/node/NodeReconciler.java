// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeConvergence.Attempt;
import io.nodeqos.reconcile.node.NodeReader.NodeLookup;
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
    Step step;
    try (SyncReport.Timed timed = report.started(item)) {
      step = reconcile(item);
      timed.ended(step);
    }
    if (step.equals(Step.GONE)) {
      known.forget(item.key());
    }
    return step.outcome();
  }

  private Step reconcile(WorkItem item) {
    Attempt attempt = attempt(item, reader.look(item.key()));
    return isConflict(attempt) ? reconcileAfterConflict(item) : step(item, attempt);
  }

  /** Once and at once, with the node as read from the API server. */
  private Step reconcileAfterConflict(WorkItem item) {
    report.conflict();
    report.conflictRetry();
    Attempt attempt = attempt(item, reader.read(item.key()));
    if (isConflict(attempt)) {
      report.conflict();
    }
    return step(item, attempt);
  }

  private Attempt attempt(WorkItem item, NodeLookup lookup) {
    if (lookup instanceof NodeLookup.Found found) {
      return convergence.converge(item, found.node());
    }
    if (lookup instanceof NodeLookup.NotSynced) {
      return again(item, SyncResult.NOT_SYNCED, UNSYNCED_RETRY);
    }
    if (lookup instanceof NodeLookup.Behind behind) {
      return again(item, SyncResult.CACHE_BEHIND, behind.left());
    }
    if (lookup instanceof NodeLookup.Failed failed) {
      return new Attempt.Ended(failures.step(item.key(), failed.why()));
    }
    return new Attempt.Ended(Step.GONE);
  }

  private static Attempt again(WorkItem item, SyncResult result, Duration after) {
    return new Attempt.Ended(new Step(result, new Outcome.Again(item.lane(), after)));
  }

  private static boolean isConflict(Attempt attempt) {
    return attempt instanceof Attempt.Failed failed && failed.why() instanceof WriteResult.Conflict;
  }

  private Step step(WorkItem item, Attempt attempt) {
    return attempt instanceof Attempt.Ended ended
        ? ended.step()
        : failures.step(item.key(), ((Attempt.Failed) attempt).why());
  }
}
