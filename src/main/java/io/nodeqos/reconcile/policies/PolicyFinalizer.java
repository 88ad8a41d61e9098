// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.FreshNodes;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.PolicyReach;
import io.nodeqos.reconcile.plan.NodeCleanup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps a policy with {@code deletionPolicy: Remove} until no node carries state of it: while the
 * policy exists, it is the evidence on which nodes are cleaned. The cache of Nodes counts as proof
 * only after it has reached the state of the API server after the last decision: a lagging watch
 * (of a new leader, or after a reconnect) and a write whose reply was lost show nodes as clean that
 * are not. For one worker.
 */
public final class PolicyFinalizer {
  /** A proof that needs more looks is reported. */
  private static final int MAX_LOOKS = 25;

  private final ClusterView cluster;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final FreshNodes nodes;
  private Check check = Check.NONE;

  /**
   * The running proof.
   *
   * @param uid uid of the policy
   * @param looks how often its result was requested
   */
  private record Check(String uid, CompletableFuture<Void> reached, int looks) {
    static final Check NONE = new Check("", CompletableFuture.completedFuture(null), 0);

    Check looked() {
      return new Check(uid, reached, Math.min(looks + 1, MAX_LOOKS + 1));
    }

    boolean isFor(PolicyObject policy) {
      return uid.equals(policy.meta().uid());
    }

    boolean holds() {
      return reached.isDone() && !reached.isCompletedExceptionally();
    }
  }

  public PolicyFinalizer(
      ClusterView cluster, PolicyCatalog policies, FleetIndex fleet, FreshNodes nodes) {
    this.cluster = cluster;
    this.policies = policies;
    this.fleet = fleet;
    this.nodes = nodes;
  }

  /**
   * The progress of the cleaning; no node is left for a policy that never had Remove. When the
   * cleaning of a policy that is being deleted seems done, it starts the proof.
   */
  PolicyCleanup cleaning(PolicyCatalog.Entry entry) {
    PolicySnapshot snapshot = policies.snapshot();
    PolicyObject policy = entry.latest();
    String name = policy.name();
    if (!snapshot.removals().removes(name) && !policy.holdsNodes()) {
      return PolicyCleanup.NONE;
    }
    PolicyCleanup cleaning =
        PolicyCleanup.of(
            name, cluster, fleet, new PolicyReach(cluster, policies, fleet).undecided(name));
    if (!policy.meta().deleting() || !policy.holdsNodes() || !entry.removesWhenDeleted()) {
      return cleaning;
    }
    if (!cleaning.isDone() || !cluster.synced()) {
      check = check.isFor(policy) ? Check.NONE : check;
      return cleaning;
    }
    return isProved(policy)
        ? cleaning.rest(leftOnNodes(name, snapshot))
        : cleaning.unproved(check.looks() > MAX_LOOKS);
  }

  private boolean isProved(PolicyObject policy) {
    if (check.reached().isDone() && !(check.isFor(policy) && check.holds())) {
      int looks = check.isFor(policy) ? check.looks() : 0;
      check = new Check(policy.meta().uid(), nodes.reached(), looks);
    }
    check = check.looked();
    boolean isProved = check.isFor(policy) && check.holds();
    check = isProved ? Check.NONE : check;
    return isProved;
  }

  /** Nodes with state of the policy in the cache, decided or not. */
  private int leftOnNodes(String policy, PolicySnapshot snapshot) {
    return (int)
        cluster.nodeNames().stream()
            .flatMap(name -> cluster.node(name).stream())
            .filter(node -> !node.meta().deleting())
            .filter(
                node ->
                    NodeCleanup.of(node, snapshot.compile(node), snapshot.removals())
                        .leaving()
                        .contains(policy))
            .count();
  }

  /**
   * The new list of finalizers, empty when it does not change. An invalid version changes nothing,
   * unless the policy is being deleted; then the API server would refuse a new finalizer.
   */
  Optional<List<String>> change(PolicyCatalog.Entry entry, PolicyCleanup cleaning) {
    PolicyObject policy = entry.latest();
    boolean deleting = policy.meta().deleting();
    if (!deleting && !entry.problems().isEmpty()) {
      return Optional.empty();
    }
    boolean wanted =
        deleting
            ? policy.holdsNodes() && entry.removesWhenDeleted() && !cleaning.isProved()
            : entry.removesWhenDeleted();
    if (wanted == policy.holdsNodes()) {
      return Optional.empty();
    }
    List<String> finalizers = new ArrayList<>(policy.meta().finalizers());
    if (wanted) {
      finalizers.add(Keys.FINALIZER);
    } else {
      finalizers.remove(Keys.FINALIZER);
    }
    return Optional.of(finalizers);
  }
}
