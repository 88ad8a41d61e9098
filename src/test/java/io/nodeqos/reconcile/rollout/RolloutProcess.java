// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.app.leader.EndedMoves;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.FakePolicyWriter;
import io.nodeqos.reconcile.LeaderHandler;
import io.nodeqos.reconcile.QueuedProcess;
import io.nodeqos.reconcile.policies.RevisionReconciler;
import io.nodeqos.reconcile.policies.RevisionWriter;
import io.nodeqos.reconcile.routing.ClusterListeners;
import io.nodeqos.reconcile.routing.RevisionRouter;
import io.nodeqos.reconcile.routing.RolloutRouter;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One controller process that carries rollouts out, worked by hand: its caches see on command. */
final class RolloutProcess {
  private final QueuedProcess queued;
  private final KeyedQueue revisionQueue;
  private final KeyedQueue rolloutQueue;
  private final WorkerPool.Handler revisionHandler;
  private final WorkerPool.Handler rolloutHandler;
  private final ClusterListener listeners;
  private final Map<String, NodeView> nodes = new HashMap<>();
  private final Map<String, PolicyObject> policies = new HashMap<>();
  private final Map<String, PolicyRevision> revisions = new HashMap<>();

  RolloutProcess(
      FakeNodeWriter api, FakePolicyWriter policyApi, RevisionWriter revisionApi, FakeTime time) {
    Backoff backoff =
        new Backoff(
            new BackoffSettings(Duration.ofMillis(500), Duration.ofSeconds(60), 0), () -> 0);
    queued = new QueuedProcess(api, policyApi, time);
    revisionQueue =
        new KeyedQueue(backoff, time.source(), queued.process.metrics.workQueue("revisions"));
    rolloutQueue =
        new KeyedQueue(backoff, time.source(), queued.process.metrics.workQueue("rollouts"));
    revisionHandler =
        whileLeading(
            new RevisionReconciler(
                queued.process.policies,
                revisionApi,
                queued.process.publisher(),
                "kube-node-qos",
                backoff,
                time.source()));
    rolloutHandler =
        whileLeading(
            new RolloutReconciler(
                queued.process.policies,
                queued.process.cluster,
                queued.process.fleet,
                new RolloutWrites(
                    policyApi,
                    queued.policyWrites,
                    queued.process.fence,
                    (policy, before, now) ->
                        queued.policies.addAfter(policy.name(), Duration.ofSeconds(1)),
                    backoff),
                node -> queued.nodes.add(node, Lane.CHANGE, Trigger.NONE),
                time.source()));
    listeners =
        new ClusterListeners(
            List.of(
                queued.router, new RevisionRouter(revisionQueue), new RolloutRouter(rolloutQueue)));
  }

  private WorkerPool.Handler whileLeading(WorkerPool.Handler work) {
    return new LeaderHandler(() -> true, queued.process.fence, work);
  }

  void lead() {
    endOfTerm();
    queued.lead();
    policies.keySet().forEach(revisionQueue::add);
    policies.keySet().forEach(rolloutQueue::add);
  }

  void depose() {
    queued.depose();
    endOfTerm();
  }

  private void endOfTerm() {
    new EndedMoves(queued.process.policies.moves()).stopped(null, "");
  }

  boolean leads() {
    return queued.leads();
  }

  /** The cache of Nodes reaches this state. */
  void seeNodes(Collection<NodeView> now) {
    Map<String, NodeView> present = new HashMap<>();
    now.forEach(n -> present.put(n.name(), n));
    List.copyOf(nodes.keySet()).stream()
        .filter(n -> !present.containsKey(n))
        .forEach(
            gone -> {
              nodes.remove(gone);
              queued.see(gone, Optional.empty());
            });
    present.forEach(
        (name, node) -> {
          NodeView before = nodes.put(name, node);
          if (before == null || !version(before).equals(version(node))) {
            queued.see(name, Optional.of(node));
          }
        });
  }

  void seePods(String node, ReservedState state) {
    queued.seePods(node, state);
  }

  /** The caches of policies and ControllerRevisions reach this state. */
  void seePolicies(Collection<PolicyObject> now, Collection<PolicyRevision> stored) {
    Set<String> there = stored.stream().map(PolicyRevision::uid).collect(Collectors.toSet());
    for (PolicyRevision old : List.copyOf(revisions.values())) {
      if (!there.contains(old.uid())) {
        revisions.remove(old.name());
        listeners.revisionDeleted(old);
      }
    }
    for (PolicyObject policy : now) {
      PolicyObject before = policies.put(policy.name(), policy);
      if (before == null || !version(before).equals(version(policy))) {
        listeners.policyChanged(policy);
      }
    }
    for (PolicyRevision revision : stored) {
      if (!revision.equals(revisions.put(revision.name(), revision))) {
        listeners.revisionChanged(revision);
      }
    }
  }

  /** Works on one key of each queue; false when nothing is ready. */
  boolean work() {
    boolean isBusy = queued.work();
    isBusy |= QueuedProcess.work(revisionQueue, revisionHandler);
    isBusy |= QueuedProcess.work(rolloutQueue, rolloutHandler);
    return isBusy;
  }

  private static String version(NodeView node) {
    return node.meta().uid() + "/" + node.meta().resourceVersion();
  }

  private static String version(PolicyObject policy) {
    return policy.meta().uid() + "/" + policy.meta().resourceVersion();
  }
}
