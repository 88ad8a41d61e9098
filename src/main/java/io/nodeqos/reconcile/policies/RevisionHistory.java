// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.Completion;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of the stored revisions of a policy: which stay, as without its record a node cannot
 * be kept up on one, and which one was completed.
 */
final class RevisionHistory {
  /** Nodes carry the revisions of this many edits at most, if each came during the one before. */
  static final int MAX_IN_BETWEEN = 20;

  private RevisionHistory() {}

  /**
   * The revision to delete next; empty when all stay.
   *
   * @param own the intact revisions of the policy, the oldest first
   * @param inForce the version in force; its revision stays. It can be an old one, if this
   *     controller version refuses newer ones
   */
  static Optional<PolicyRevision> toDelete(
      List<PolicyRevision> own, PolicyObject latest, NodeQoSPolicy inForce) {
    Optional<RolloutSpec> rollout = inForce.spec().rollout();
    if (own.size()
        <= rollout.map(RolloutSpec::revisionHistoryLimit).orElse(RolloutSpec.DEFAULT_HISTORY)) {
      return Optional.empty();
    }
    Set<String> kept = new HashSet<>();
    kept.add(PolicyRevision.of(inForce).name());
    if (rollout.isPresent()) {
      Optional<RolloutState> state = RolloutJson.in(latest.status());
      if (state.isEmpty()) {
        // It is not known which ones nodes carry.
        return Optional.empty();
      }
      keepFollowed(own, state.get().revisions(), kept);
    }
    return own.stream().filter(revision -> !kept.contains(revision.name())).findFirst();
  }

  /**
   * The stable revision, if its record does not say yet that it was completed. The status says so
   * first: whoever leads next finds it there, until the record has it, too.
   *
   * @param own the intact revisions of the policy, the oldest first
   */
  static Optional<PolicyRevision> toComplete(
      List<PolicyRevision> own, PolicyObject latest, NodeQoSPolicy inForce) {
    return Optional.of(latest)
        .filter(policy -> inForce.spec().rollout().isPresent())
        .flatMap(policy -> RolloutJson.in(policy.status()))
        .map(RolloutState::revisions)
        .flatMap(revisions -> own.stream().filter(r -> isStable(r, revisions)).reduce((a, b) -> b))
        .filter(stable -> stable.completion() != Completion.COMPLETED);
  }

  private static boolean isStable(PolicyRevision revision, RolloutState.Revisions revisions) {
    return revision.generation() <= revisions.stableGeneration()
        && revision.revision().equals(revisions.stable());
  }

  /** The stable one, and the later ones: a node may carry each of them. */
  private static void keepFollowed(
      List<PolicyRevision> own, RolloutState.Revisions revisions, Set<String> kept) {
    Set<String> later = new HashSet<>();
    for (int i = own.size() - 1; i >= 0; i--) {
      PolicyRevision revision = own.get(i);
      if (revision.generation() <= revisions.stableGeneration()) {
        if (revision.revision().equals(revisions.stable())) {
          kept.add(revision.name());
          return;
        }
      } else if (later.size() < MAX_IN_BETWEEN && later.add(revision.revision())) {
        kept.add(revision.name());
      }
    }
  }
}
