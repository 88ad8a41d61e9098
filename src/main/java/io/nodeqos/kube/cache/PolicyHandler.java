// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.Informer;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.ClusterListener;

/** Passes policies on; the listeners keep them. */
public final class PolicyHandler implements Informer.Handler<PolicyObject> {
  private final ClusterListener listener;

  public PolicyHandler(ClusterListener listener) {
    this.listener = listener;
  }

  @Override
  public void added(PolicyObject now) {
    listener.policyChanged(now);
  }

  @Override
  public void changed(PolicyObject before, PolicyObject now) {
    // After a relist each policy comes again.
    if (!before.meta().resourceVersion().equals(now.meta().resourceVersion())) {
      listener.policyChanged(now);
    }
  }

  @Override
  public void deleted(PolicyObject last) {
    listener.policyDeleted(last.name());
  }
}
