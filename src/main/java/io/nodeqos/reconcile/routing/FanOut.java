// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Queues many nodes for one cause, off the informers' threads: a changed policy, a changed spinner
 * DaemonSet, a changed reserved namespace, changed settings, the periodic resync. Several pending
 * causes need one pass. A node that the cause cannot concern is not queued: a change of one policy
 * among many costs the decisions of its own nodes.
 */
public final class FanOut implements WorkerPool.Handler {
  private static final String POLICY = "policy/";
  private static final String EVERYWHERE = "everywhere/";
  private static final String SPINNER = "spinner/";
  private static final String NAMESPACE = "namespace/";
  static final String RESYNC = "resync";

  /** Settings that nodes may depend on have changed. */
  static final String ALL = "all";

  private final ClusterView cluster;
  private final FleetIndex fleet;
  private final KeyedQueue nodes;
  private final PolicyNodes policyNodes;
  private final Supplier<Duration> resyncPeriod;
  private final DoubleSupplier random;

  /**
   * @param resyncPeriod every node is reconciled once in it, at a random moment
   * @param random from 0 to 1
   */
  public FanOut(
      ClusterView cluster,
      FleetIndex fleet,
      KeyedQueue nodes,
      PolicyNodes policyNodes,
      Supplier<Duration> resyncPeriod,
      DoubleSupplier random) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.nodes = nodes;
    this.policyNodes = policyNodes;
    this.resyncPeriod = resyncPeriod;
    this.random = random;
  }

  /** The nodes that a policy can concern. */
  static String policy(String name) {
    return POLICY + name;
  }

  /** All nodes: the answer of a plug-in about any of them may depend on any policy. */
  static String everywhere(String policy) {
    return EVERYWHERE + policy;
  }

  /** The nodes that wait for the policy's spinner DaemonSet to pull their images. */
  static String spinner(String policy) {
    return SPINNER + policy;
  }

  static String namespace(String name) {
    return NAMESPACE + name;
  }

  @Override
  public Outcome handle(WorkItem item) {
    String key = item.key();
    if (key.equals(RESYNC)) {
      resync();
      return new Outcome.Again(Lane.RESYNC, resyncPeriod.get());
    }
    Trigger trigger = trigger(item);
    Predicate<String> concerned = concerned(key);
    for (String node : cluster.nodeNames()) {
      if (concerned.test(node)) {
        nodes.add(node, fleet.isBlocked(node) ? Lane.URGENT : Lane.CHANGE, trigger);
      }
    }
    return Outcome.done();
  }

  private Predicate<String> concerned(String key) {
    if (key.startsWith(SPINNER)) {
      return policyNodes.ofChangedSpinner(key.substring(SPINNER.length()));
    }
    if (key.startsWith(POLICY)) {
      Predicate<String> reached = policyNodes.ofChanged(key.substring(POLICY.length()));
      // In this order: the decision in flight may know the version before, and is not remembered
      // yet.
      return node -> nodes.state(node).inFlight().isPresent() || reached.test(node);
    }
    return node -> true;
  }

  private static Trigger trigger(WorkItem item) {
    String key = item.key();
    if (key.equals(ALL)) {
      return Trigger.NONE;
    }
    if (key.startsWith(SPINNER)) {
      return new Trigger(TriggerKind.DAEMON_SET, "", item.trigger().span());
    }
    return key.startsWith(POLICY) || key.startsWith(EVERYWHERE)
        ? new Trigger(TriggerKind.POLICY, "", item.trigger().span())
        : new Trigger(
            TriggerKind.NAMESPACE, key.substring(NAMESPACE.length()), item.trigger().span());
  }

  /** Queues the nodes that are known not to be up to date, which a new leader writes first. */
  public void differing() {
    for (String node : fleet.differing()) {
      nodes.add(node, Lane.URGENT, new Trigger(TriggerKind.LEASE, ""));
    }
  }

  /** Queues the waiting nodes: a new leader reports their blockers once. */
  public void waiting() {
    for (FleetIndex.WaitingNode node : fleet.waiting(Integer.MAX_VALUE)) {
      nodes.add(node.node(), Lane.CHANGE, new Trigger(TriggerKind.LEASE, ""));
    }
  }

  private void resync() {
    for (String node : cluster.nodeNames()) {
      long millis = (long) (resyncPeriod.get().toMillis() * random.getAsDouble());
      nodes.addAfter(node, Lane.RESYNC, Trigger.NONE, Duration.ofMillis(millis));
    }
  }
}
