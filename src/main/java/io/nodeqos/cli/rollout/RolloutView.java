// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.policy.spec.PolicySpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rollout of a policy, from what the API server has.
 *
 * @param problem why the present generation is invalid; then an earlier one is in force
 * @param inForce the spec in force; empty when no valid version is known
 * @param target the revision of the spec in force
 * @param state the controller's record; empty until it has written one
 * @param nodes empty when the Node objects were not read
 */
record RolloutView(
    PolicyVersions versions,
    Optional<String> problem,
    Optional<PolicySpec> inForce,
    String target,
    Optional<RolloutState> state,
    Optional<NodesOnTarget> nodes) {

  static RolloutView of(PolicyVersions versions) {
    PolicyObject policy = versions.policy();
    Optional<String> problem = versions.problem().or(() -> mistake(decoded(policy.spec(), policy)));
    PolicyObject inForce =
        problem.isPresent()
            ? versions.newest().map(r -> policy.withSpec(r.spec())).orElse(policy)
            : policy;
    return new RolloutView(
        versions,
        problem,
        decoded(inForce.spec(), policy) instanceof Decoded.Valid valid
            ? Optional.of(valid.policy().spec())
            : Optional.empty(),
        inForce.revision(),
        RolloutJson.in(policy.status()),
        Optional.empty());
  }

  /** A later version of the same policy. */
  RolloutView at(PolicyObject later) {
    return of(PolicyVersions.of(later, versions.revisions()));
  }

  /**
   * The policy as it is at a write.
   *
   * @param instead a clause for a person, after the new target
   * @throws CommandException when its target is another one than was shown
   */
  RolloutView atWrite(PolicyObject now, String instead) {
    RolloutView present = at(now);
    if (!present.target().equals(target())) {
      throw CommandException.failed(
          "TargetChanged",
          "the target of policy "
              + policy()
              + " has changed from revision "
              + target()
              + " to "
              + present.target()
              + instead);
    }
    return present;
  }

  /** The same with the nodes that the policy selects. */
  RolloutView with(List<NodeView> all) {
    return new RolloutView(
        versions,
        problem,
        inForce,
        target,
        state,
        inForce.map(spec -> NodesOnTarget.of(this, spec, all)));
  }

  /** The startup taint's key is left out: which ones are allowed is a setting of the controller. */
  private static Decoded decoded(JsonObject spec, PolicyObject policy) {
    JsonObject known = spec.deepCopy();
    if (known.get("warmUp") instanceof JsonObject warmUp) {
      warmUp.remove("taintKey");
    }
    return new PolicyDecoder().decode(policy.withSpec(known));
  }

  private static Optional<String> mistake(Decoded decoded) {
    return decoded instanceof Decoded.Invalid invalid
        ? Optional.of(invalid.problems().get(0))
        : Optional.empty();
  }

  String policy() {
    return versions.policy().name();
  }

  Optional<RolloutSpec> strategy() {
    return inForce.flatMap(PolicySpec::rollout);
  }

  /** The revision that was completed last; empty when there is none, or none is recorded. */
  String stable() {
    return state.map(RolloutState::revisions).map(Revisions::stable).orElse("");
  }

  /** The stored version of the stable revision. */
  Optional<PolicyRevision> stableVersion() {
    return state
        .map(s -> s.revisions().stableGeneration())
        .flatMap(versions::find)
        .filter(r -> r.revision().equals(stable()))
        .or(() -> versions.newest(stable()));
  }

  /** The selector of the nodes that carry the stable revision without saying so. */
  Optional<PolicySpec> stableSpec() {
    return stableVersion()
        .map(r -> decoded(r.spec(), versions.policy()))
        .flatMap(
            d ->
                d instanceof Decoded.Valid valid
                    ? Optional.of(valid.policy().spec())
                    : Optional.empty());
  }

  /** The record of the present rollout; empty until the controller has seen the spec in force. */
  Optional<RolloutState> present() {
    return state.filter(s -> isSeen(s) && strategy().isPresent());
  }

  private boolean isSeen(RolloutState record) {
    // A wider selector is a rollout of the same revision.
    if (record.phase() == RolloutPhase.COMPLETE
        && observedGeneration() < versions.policy().meta().generation()) {
      return false;
    }
    // Without a rollout only the stable revision is recorded.
    return record.revisions().target().isEmpty()
        ? record.revisions().stable().equals(target)
        : record.revisions().target().equals(target);
  }

  private long observedGeneration() {
    return versions.policy().status().get("observedGeneration") instanceof JsonPrimitive number
            && number.isNumber()
        ? number.getAsLong()
        : 0;
  }

  /** True while nodes may get another revision. */
  boolean isUnderWay() {
    return present().filter(s -> s.phase().isUnderWay()).isPresent();
  }

  RolloutOutcome outcome() {
    if (problem.isPresent() || versions.isDryRun()) {
      return RolloutOutcome.FAILED;
    }
    if (strategy().isEmpty()) {
      return state.filter(this::isSeen).isPresent()
          ? RolloutOutcome.COMPLETE
          : RolloutOutcome.UNDER_WAY;
    }
    return present().map(this::outcome).orElse(RolloutOutcome.UNDER_WAY);
  }

  private RolloutOutcome outcome(RolloutState now) {
    return switch (now.phase()) {
      case COMPLETE -> RolloutOutcome.COMPLETE;
      case ROLLED_BACK -> isRetried(now) ? RolloutOutcome.UNDER_WAY : RolloutOutcome.FAILED;
      case PAUSED ->
          waitsForPerson(now) ? RolloutOutcome.WAITS_FOR_PERSON : RolloutOutcome.UNDER_WAY;
      default -> RolloutOutcome.UNDER_WAY;
    };
  }

  /** True when a person has asked for a retry, and the controller has not seen it yet. */
  boolean isRetried(RolloutState now) {
    return versions.policy().rolloutRequest().retries(now.revisions().target())
        && !versions.policy().rolloutRequest().text().equals(now.handled());
  }

  /** What a person has done already counts, although the controller has not seen it yet. */
  private boolean waitsForPerson(RolloutState now) {
    return switch (now.reason()) {
      case "ClusterTrouble" -> false;
      case "AwaitsPromotion" -> !isPromoted(now);
      case "PausedBySpec" -> isPaused();
      case "Suspended" -> inForce.filter(PolicySpec::suspend).isPresent();
      default -> true;
    };
  }

  private boolean isPromoted(RolloutState now) {
    return promotedStep(now) >= now.progress().step();
  }

  /** The last step that was promoted, also when the controller has not seen it yet; 0 for none. */
  int promotedStep(RolloutState now) {
    RolloutRequest request = versions.policy().rolloutRequest();
    int asked =
        request.text().equals(now.handled())
            ? 0
            : request.promotedStep(now.revisions().target()).orElse(0);
    return Math.max(asked, now.progress().promoted());
  }

  boolean isPaused() {
    return strategy().filter(RolloutSpec::paused).isPresent();
  }

  /** The rows of the steps; none until the controller has seen the spec in force. */
  List<StepRow> steps(Instant now) {
    return present()
        .filter(s -> s.progress().step() > 0)
        .map(s -> StepRow.of(s, strategy().orElseThrow(), now))
        .orElse(List.of());
  }

  boolean isRolledBack() {
    return present().filter(s -> s.phase() == RolloutPhase.ROLLED_BACK).isPresent();
  }
}
