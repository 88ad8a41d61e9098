// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.ConflictRetrySettings;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.fleet.PolicyReach;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.policies.PolicyFacts;
import io.nodeqos.reconcile.policies.PolicyFinalizer;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import io.nodeqos.reconcile.policies.PolicyUpdates;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.reconcile.routing.ClusterListeners;
import io.nodeqos.reconcile.routing.FanOut;
import io.nodeqos.reconcile.routing.MissingImages;
import io.nodeqos.reconcile.routing.NodeRouter;
import io.nodeqos.reconcile.routing.PolicyNodes;
import io.nodeqos.reconcile.routing.PolicyRouter;
import io.nodeqos.reconcile.routing.Resync;
import io.nodeqos.telemetry.tracing.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One controller process with its queues, worked by hand: one key at a time. */
public final class QueuedProcess {
  static final Duration RESYNC = Duration.ofMinutes(10);

  public final TestProcess process;
  public final KeyedQueue nodes;
  public final KeyedQueue policies;
  public final KeyedQueue fanOuts;
  public final ClusterListener router;
  public final PolicyWrites policyWrites = new PolicyWrites();
  public final FakeFreshNodes fresh;
  private final FanOut fanOut;
  private final WorkerPool.Handler policyReconciler;

  public QueuedProcess(FakeNodeWriter api, FakePolicyWriter policyApi, FakeTime time) {
    this(api, policyApi, time, Tracing.off());
  }

  QueuedProcess(FakeNodeWriter api, FakePolicyWriter policyApi, FakeTime time, Tracing tracing) {
    Backoff backoff =
        new Backoff(
            new BackoffSettings(Duration.ofMillis(500), Duration.ofSeconds(60), 0), () -> 0);
    this.process =
        new TestProcess(
            api, time, tracing, backoff.afterConflicts(ConflictRetrySettings.DEFAULTS), backoff);
    this.fresh = new FakeFreshNodes(api, process.cluster);
    this.nodes = new KeyedQueue(backoff, time.source(), process.metrics.workQueue("nodes"));
    this.policies = new KeyedQueue(backoff, time.source(), process.metrics.workQueue("policies"));
    this.fanOuts = new KeyedQueue(backoff, time.source(), process.metrics.workQueue("fanout"));
    this.router =
        new ClusterListeners(
            List.of(
                new NodeRouter(nodes, fanOuts, process.fleet, tracing),
                new PolicyRouter(
                    policies,
                    fanOuts,
                    process.policies,
                    policyWrites,
                    WorkerRegistry.of(List.of(), WorkerObserver.NONE),
                    tracing)));
    this.fanOut =
        new FanOut(
            process.cluster,
            process.fleet,
            nodes,
            new PolicyNodes(
                new PolicyReach(process.cluster, process.policies, process.fleet),
                new MissingImages(process.cluster, process.policies, process.fleet, time.source())),
            () -> RESYNC,
            () -> 0.5);
    this.policyReconciler =
        new TracedHandler(
            tracing,
            Tracing.Work.POLICY,
            new PolicyReconciler(
                process.policies,
                new PolicyFacts(
                    process.census(), process.brake, new ImageProblems(), new NoDryRuns()),
                process.brake,
                new PolicyFinalizer(process.cluster, process.policies, process.fleet, fresh),
                new PolicyUpdates(
                    policyApi,
                    policyWrites,
                    process.fence,
                    process.publisher(),
                    () -> Duration.ofSeconds(5),
                    backoff),
                time.source()));
    new Resync(fanOuts).within(RESYNC);
  }

  public void lead() {
    process.fence.open();
    fanOut.differing();
    process.policies.names().forEach(policies::add);
  }

  public void depose() {
    process.fence.close();
  }

  public boolean leads() {
    return process.fence.isOpen();
  }

  /** The cache reaches this node, or its absence; a heartbeat is no event. */
  public void see(String name, Optional<NodeView> now) {
    Optional<NodeView> before = process.cluster.node(name);
    if (now.isEmpty()) {
      process.cluster.hide(name);
      before.ifPresent(gone -> router.nodeDeleted(name));
      return;
    }
    process.cluster.show(now.get());
    if (before.isEmpty() || !before.get().sameAs(now.get())) {
      router.nodeChanged(before, now.get());
    }
  }

  public void seePods(String node, ReservedState state) {
    if (!state.equals(process.cluster.reserved(node))) {
      process.cluster.reserve(node, state);
      router.podChanged(node, "kube-system");
    }
  }

  public void seePolicies(List<PolicyObject> now) {
    for (String known : process.policies.names()) {
      if (now.stream().noneMatch(p -> p.name().equals(known))) {
        router.policyDeleted(known);
      }
    }
    now.forEach(router::policyChanged);
  }

  /** Works on one key of each queue; false when nothing is ready. */
  public boolean work() {
    fresh.look();
    process.policiesTold.forEach(p -> policies.addAfter(p, Duration.ofSeconds(1)));
    process.policiesTold.clear();
    process.nodesFreed.forEach(n -> nodes.add(n, Lane.CHANGE, Trigger.NONE));
    process.nodesFreed.clear();
    return work(fanOuts, fanOut) | work(nodes, process.handler) | work(policies, policyReconciler);
  }

  /** Works on one key of a queue; false when none is ready. */
  public static boolean work(KeyedQueue queue, WorkerPool.Handler handler) {
    Optional<WorkItem> item = queue.poll();
    if (item.isEmpty()) {
      return false;
    }
    String key = item.get().key();
    try {
      Outcome outcome = handler.handle(item.get());
      if (outcome instanceof Outcome.Failed failed) {
        queue.retry(key, failed.delays(), failed.span());
      } else {
        queue.forget(key);
        if (outcome instanceof Outcome.Again again) {
          queue.addAfter(key, again.lane(), Trigger.after(again.span()), again.after());
        }
      }
    } catch (Exception e) {
      throw new AssertionError("work on " + key + " threw", e);
    } finally {
      queue.done(key);
    }
    return true;
  }
}
