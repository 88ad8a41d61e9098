// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Queues the dry runs when an event may change their results, and counts these events. O(dry runs)
 * for each event, and nothing without one. It must come after the {@link PolicyRouter}.
 */
public final class DryRunRouter implements ClusterListener {
  private final PolicyCatalog policies;
  private final PolicyRechecks rechecks;
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong known = new AtomicLong();

  public DryRunRouter(PolicyCatalog policies, PolicyRechecks rechecks) {
    this.policies = policies;
    this.rechecks = rechecks;
  }

  /** Rises with each event that may change the result of a dry run. */
  public long changes() {
    return changes.get();
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    changed();
  }

  @Override
  public void nodeDeleted(String name) {
    changed();
  }

  @Override
  public void podChanged(String nodeName, String namespace) {
    changed();
  }

  @Override
  public void reservedNamespaceChanged(String namespace) {
    changed();
  }

  @Override
  public void csiNodeChanged(String nodeName) {
    changed();
  }

  @Override
  public void spinnerChanged(String policy) {
    changed();
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    policiesChanged();
  }

  @Override
  public void policyDeleted(String name) {
    policiesChanged();
  }

  @Override
  public void revisionChanged(PolicyRevision revision) {
    policiesChanged();
  }

  /** Not by a status. */
  private void policiesChanged() {
    long now = policies.snapshot().number();
    if (known.getAndSet(now) != now) {
      changed();
    }
  }

  private void changed() {
    changes.incrementAndGet();
    policies.snapshot().dryRuns().forEach(rechecks::statusMayDiffer);
  }
}
