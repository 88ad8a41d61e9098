// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.text.Style;
import java.util.Optional;

/**
 * What became of the recorded versions of a policy.
 *
 * @param inForce the version in force
 * @param stable the version that was completed last
 * @param phase of the rollout of the version in force; empty until the controller has begun with it
 * @param isSplit the version in force is not the stable one
 */
record VersionMarks(
    Optional<PolicyRevision> inForce,
    Optional<PolicyRevision> stable,
    Optional<RolloutPhase> phase,
    boolean isSplit) {

  static VersionMarks of(PolicyVersions versions) {
    RolloutView view = RolloutView.of(versions);
    Optional<PolicyRevision> inForce = versions.inForce();
    boolean hasRollout = view.strategy().isPresent();
    return new VersionMarks(
        inForce,
        view.stable().isEmpty() ? Optional.empty() : view.stableVersion(),
        view.present().map(RolloutState::phase),
        hasRollout && inForce.isPresent() && !view.stable().equals(view.target()));
  }

  boolean isStable(PolicyRevision revision) {
    return stable.filter(revision::equals).isPresent();
  }

  boolean isTarget(PolicyRevision revision) {
    return inForce.filter(revision::equals).isPresent();
  }

  /** For a reader. */
  String state(PolicyRevision revision) {
    if (isTarget(revision)) {
      return isSplit ? "target" : "in force";
    }
    return isSplit && isStable(revision) ? "stable" : "";
  }

  /** As in the status: {@code RolledBack}; empty when it is not known. */
  String phase(PolicyRevision revision) {
    return isTarget(revision) && (isSplit || phase.isPresent())
        ? phase.map(RolloutPhase::text).orElse("")
        : isStable(revision) ? RolloutPhase.COMPLETE.text() : "";
  }

  /** For a reader. */
  String result(PolicyRevision revision) {
    return RolloutText.words(phase(revision));
  }

  Style style(PolicyRevision revision) {
    boolean isBack = isTarget(revision) && phase.filter(RolloutPhase::isBack).isPresent();
    return isBack ? Style.BAD : Style.PLAIN;
  }
}
