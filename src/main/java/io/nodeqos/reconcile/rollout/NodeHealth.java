// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.rollout.RolloutState.Failure;
import java.util.Optional;

/**
 * The health of a node since it got its revision, or since the start of the rollout.
 *
 * @param healthy nothing is wrong that was right before, and the agent has acknowledged the
 *     configuration where that is awaited
 * @param failure why the node has failed: something has been wrong for too long, or too often
 */
record NodeHealth(boolean healthy, Optional<Failure> failure) {
  static final NodeHealth HEALTHY = new NodeHealth(true, Optional.empty());

  boolean failed() {
    return failure.isPresent();
  }
}
