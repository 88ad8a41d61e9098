// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutState;
import java.util.Optional;

/** Receives each transition of a rollout after it was written. Called by one thread at a time. */
public interface RolloutListener {
  /**
   * A rollout has begun, or changed its phase, its step or its revisions.
   *
   * @param before the record before the write; empty when the policy had none
   */
  void changed(PolicyObject.Meta policy, Optional<RolloutState> before, RolloutState now);
}
