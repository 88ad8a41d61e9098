// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.reconcile.images.SpinnerView;
import io.nodeqos.reconcile.routing.FanOut;
import java.util.List;

/**
 * Queues the first work of a new leader: the nodes that differ or wait, all policies, and the
 * spinner DaemonSets whose policy is gone.
 */
public final class FirstWork implements LeadershipListener {
  private final FanOut nodes;
  private final PolicyCatalog policies;
  private final SpinnerView cluster;
  private final KeyedQueue policyQueue;
  private final KeyedQueue spinnerQueue;
  private final List<KeyedQueue> otherQueues;

  /** The keys of the queues are names of policies. */
  public FirstWork(
      FanOut nodes,
      PolicyCatalog policies,
      SpinnerView cluster,
      KeyedQueue policyQueue,
      KeyedQueue spinnerQueue,
      List<KeyedQueue> otherQueues) {
    this.nodes = nodes;
    this.policies = policies;
    this.cluster = cluster;
    this.policyQueue = policyQueue;
    this.spinnerQueue = spinnerQueue;
    this.otherQueues = List.copyOf(otherQueues);
  }

  @Override
  public void leading(LeaderTerm term) {
    nodes.differing();
    nodes.waiting();
    policies.names().forEach(policyQueue::add);
    policies.names().forEach(spinnerQueue::add);
    cluster.spinners().forEach(spinner -> spinnerQueue.add(spinner.policy()));
    otherQueues.forEach(queue -> policies.names().forEach(queue::add));
  }

  @Override
  public void stopped(LeaderTerm term, String reason) {
    // Handlers check the fence: work that is still queued has no effect.
  }
}
