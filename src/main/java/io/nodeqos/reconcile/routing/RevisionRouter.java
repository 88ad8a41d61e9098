// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.reconcile.ClusterListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues the policies whose revision may be missing. */
public final class RevisionRouter implements ClusterListener {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionRouter.class);

  private final KeyedQueue revisions;

  /**
   * @param revisions keys are names of policies
   */
  public RevisionRouter(KeyedQueue revisions) {
    this.revisions = revisions;
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    revisions.add(policy.name());
  }

  @Override
  public void revisionChanged(PolicyRevision revision) {
    if (!revision.isIntact()) {
      LOG.warn(
          "Ignoring ControllerRevision {} of policy {}: its name does not match its content, so"
              + " another writer has changed it",
          revision.name(),
          revision.policy());
    }
    revisions.add(revision.policy());
  }

  @Override
  public void revisionDeleted(PolicyRevision revision) {
    revisions.add(revision.policy());
  }
}
