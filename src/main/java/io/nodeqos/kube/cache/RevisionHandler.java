// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.Informer;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.reconcile.ClusterListener;

/** Passes revisions of policies on; the listeners keep them. */
public final class RevisionHandler implements Informer.Handler<PolicyRevision> {
  private final ClusterListener listener;

  public RevisionHandler(ClusterListener listener) {
    this.listener = listener;
  }

  @Override
  public void added(PolicyRevision now) {
    listener.revisionChanged(now);
  }

  @Override
  public void changed(PolicyRevision before, PolicyRevision now) {
    // After a relist each revision comes again.
    if (before.equals(now)) {
      return;
    }
    if (!before.policy().equals(now.policy())) {
      listener.revisionDeleted(before);
    }
    listener.revisionChanged(now);
  }

  @Override
  public void deleted(PolicyRevision last) {
    listener.revisionDeleted(last);
  }
}
