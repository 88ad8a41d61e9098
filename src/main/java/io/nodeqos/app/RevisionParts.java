// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.LeaderHandler;
import io.nodeqos.reconcile.policies.RevisionReconciler;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;

/**
 * What keeps the last valid versions of policies in the cluster.
 *
 * @param queue keys are names of policies
 */
record RevisionParts(KeyedQueue queue, WorkerPool pool) {

  static RevisionParts of(LiveSettings settings, BaseParts base, WorkParts.Subject subject) {
    RetryDelays backoff = WorkParts.retry(settings);
    WorkQueueMetrics metrics = base.metrics().workQueue("revisions");
    KeyedQueue queue = new KeyedQueue(backoff, base.time(), metrics);
    String namespace = base.identity().namespace();
    RevisionReconciler reconciler =
        new RevisionReconciler(
            subject.policies(),
            base.writes().revisions(namespace),
            subject.events().publisher(),
            namespace,
            backoff,
            base.time());
    return new RevisionParts(
        queue,
        new WorkerPool(
            "revisions",
            1,
            queue,
            new LeaderHandler(base.cluster()::synced, base.leadership().fence(), reconciler),
            metrics,
            base.time()));
  }

  /** This process begins to lead: all policies are looked at. */
  void leading(PolicyCatalog policies) {
    policies.names().forEach(queue::add);
  }
}
