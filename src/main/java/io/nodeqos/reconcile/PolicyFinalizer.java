// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a policy with {@code deletionPolicy: Remove} until no node carries anything of it: while it
 * is there, it is the evidence on which nodes are cleaned.
 */
public final class PolicyFinalizer {
  private final ClusterView cluster;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;

  public PolicyFinalizer(ClusterView cluster, PolicyCatalog policies, FleetIndex fleet) {
    this.cluster = cluster;
    this.policies = policies;
    this.fleet = fleet;
  }

  /** How far the cleaning is; nothing is left for one that has never said Remove. */
  Cleaning cleaning(PolicyCatalog.Entry entry) {
    PolicyCatalog.Snapshot snapshot = policies.snapshot();
    String name = entry.latest().name();
    return snapshot.departures().removes(name) || entry.latest().holdsNodes()
        ? Cleaning.of(name, cluster, fleet, snapshot.number())
        : Cleaning.NONE;
  }

  /**
   * The finalizers as they should be, empty when they are so. An invalid version changes nothing,
   * unless the policy is being deleted; then a new finalizer would be refused.
   */
  Optional<List<String>> change(PolicyCatalog.Entry entry, Cleaning cleaning) {
    PolicyObject policy = entry.latest();
    boolean deleting = policy.meta().deleting();
    if (!deleting && !entry.problems().isEmpty()) {
      return Optional.empty();
    }
    boolean wanted =
        deleting
            ? policy.holdsNodes() && entry.removesWhenDeleted() && !isDone(cleaning)
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

  private boolean isDone(Cleaning cleaning) {
    return cluster.synced() && cleaning.isDone();
  }
}
