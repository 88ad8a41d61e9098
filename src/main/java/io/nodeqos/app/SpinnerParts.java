// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.images.ImageRollout;
import io.nodeqos.reconcile.images.SpinnerReconciler;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import java.time.Duration;

/**
 * What pulls images: the labels on nodes and the DaemonSets that select by them.
 *
 * @param queue keys are names of policies
 */
record SpinnerParts(
    ImageProblems problems, ImageRollout rollout, KeyedQueue queue, WorkerPool pool) {

  static SpinnerParts of(
      LiveSettings settings, BaseParts base, WorkParts.Queues queues, WorkParts.Subject subject) {
    ImageProblems problems = new ImageProblems();
    RetryDelays backoff = WorkParts.retry(settings);
    WorkQueueMetrics metrics = base.metrics().workQueue("spinners");
    KeyedQueue queue = new KeyedQueue(backoff, base.time(), metrics);
    ImageRollout rollout =
        new ImageRollout(
            settings.get().spinner(),
            base.cluster(),
            base.cluster(),
            base.leadership().fence(),
            node -> queues.nodes().add(node, Lane.URGENT, Trigger.NONE));
    SpinnerReconciler reconciler =
        new SpinnerReconciler(
            subject.policies(),
            base.cluster(),
            base.writes().daemonSets(base.identity().namespace()),
            base.leadership().fence(),
            new SpinnerReconciler.Rules(
                settings.get().spinner(), base.identity().namespace(), backoff, base.time()),
            new SpinnerReconciler.Listeners(
                problems,
                subject.events().publisher(),
                policy -> queues.policies().addAfter(policy, Duration.ofSeconds(1))));
    return new SpinnerParts(
        problems,
        rollout,
        queue,
        new WorkerPool(
            "spinners", 1, new WorkerPool.Parts(queue, reconciler, metrics, base.time())));
  }

  /** This process begins to lead: all policies are looked at, and DaemonSets without one. */
  void leading(PolicyCatalog policies, BaseParts base) {
    policies.names().forEach(queue::add);
    base.cluster().spinners().forEach(spinner -> queue.add(spinner.policy()));
  }
}
