// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.LeaderHandler;
import io.nodeqos.reconcile.images.ImageProblemReport;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.images.ImagePullers;
import io.nodeqos.reconcile.images.PullSlots;
import io.nodeqos.reconcile.images.SpinnerReconciler;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.images.SpinnerWrites;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import java.time.Duration;

/**
 * What pulls images: the labels on nodes and the DaemonSets that select by them.
 *
 * @param queue keys are names of policies
 */
record SpinnerParts(
    ImageProblems problems,
    ImagePullers pullers,
    PullSlots slots,
    KeyedQueue queue,
    WorkerPool pool) {

  static SpinnerParts of(
      LiveSettings settings, BaseParts base, WorkParts.Queues queues, WorkParts.Subject subject) {
    ImageProblems problems = new ImageProblems();
    RetryDelays backoff = WorkParts.retry(settings);
    WorkQueueMetrics metrics = base.metrics().workQueue("spinners");
    KeyedQueue queue = new KeyedQueue(backoff, base.time(), metrics);
    PullSlots slots =
        new PullSlots(
            settings.get().spinner(),
            base.cluster(),
            base.leadership().fence(),
            node -> queues.nodes().add(node, Lane.URGENT, Trigger.NONE));
    SpinnerReconciler reconciler =
        new SpinnerReconciler(
            subject.policies(),
            base.cluster(),
            new SpinnerSpecs(settings.get().spinner(), base.identity().namespace()),
            new SpinnerWrites(base.writes().daemonSets(base.identity().namespace()), base.time()),
            new ImageProblemReport(
                problems,
                subject.events().publisher(),
                policy -> queues.policies().addAfter(policy, Duration.ofSeconds(1))),
            backoff);
    return new SpinnerParts(
        problems,
        new ImagePullers(settings.get().spinner(), base.cluster()),
        slots,
        queue,
        new WorkerPool(
            "spinners",
            1,
            queue,
            new LeaderHandler(base.cluster()::synced, base.leadership().fence(), reconciler),
            metrics,
            base.time()));
  }

  /** This process begins to lead: all policies are looked at, and DaemonSets without one. */
  void leading(PolicyCatalog policies, BaseParts base) {
    policies.names().forEach(queue::add);
    base.cluster().spinners().forEach(spinner -> queue.add(spinner.policy()));
  }
}
