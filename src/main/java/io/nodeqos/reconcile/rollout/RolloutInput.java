// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a decision about a rollout depends on.
 *
 * @param spec the strategy in force
 * @param suspended the policy is suspended
 * @param request of an operator
 * @param revisions the stable revision and the target
 * @param isStableKnown false when the stable revision is not recorded: the nodes stay as they are
 * @param generation of the version in force
 * @param written the record in the status; empty without one
 * @param nodes the nodes that do not have the target revision when they are stable
 * @param now whole seconds
 */
record RolloutInput(
    RolloutSpec spec,
    boolean suspended,
    RolloutRequest request,
    RolloutState.Revisions revisions,
    boolean isStableKnown,
    long generation,
    Optional<RolloutState> written,
    List<RolloutNode> nodes,
    Instant now) {
  RolloutInput {
    nodes = List.copyOf(nodes);
  }
}
