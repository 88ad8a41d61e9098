// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.reconcile.policies.DryRuns;

/** For tests without a dry run: nothing is evaluated. */
public final class NoDryRuns implements DryRuns {
  @Override
  public Evaluation evaluate(NodeQoSPolicy policy) {
    throw new AssertionError("no dry run: " + policy.name());
  }

  @Override
  public void forget(String policy) {}
}
