// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Progress;
import java.util.List;
import java.util.Optional;

/**
 * The rollouts that a node is in: it may follow another revision of a policy than the spec says.
 */
final class RolloutReading {
  private static final String AWAITS_ROLLOUT = "AwaitsRollout";

  private final NodeFacts facts;

  RolloutReading(NodeFacts facts) {
    this.facts = facts;
  }

  /** One sentence for each policy whose rollout the node is in. */
  List<String> sentences() {
    return rollouts().stream().map(this::sentence).toList();
  }

  /** A node that only a revision whose step has not come would warm up. */
  Optional<Finding> awaitsStep() {
    return rollouts().stream()
        .filter(r -> !isOnTarget(r))
        .filter(r -> inForce(r).filter(p -> p.spec().sections().warmUp().isPresent()).isPresent())
        .findFirst()
        .map(
            r ->
                Finding.of(
                    AWAITS_ROLLOUT,
                    "no policy warms it up yet: " + clause(r),
                    Advice.command("see the rollout", status(r.policy()))));
  }

  /** The state of the rollout of a policy in one sentence; empty without one. */
  static Optional<String> of(PolicyCatalog.Entry entry) {
    return entry
        .inForce()
        .filter(policy -> policy.spec().rollout().isPresent())
        .flatMap(policy -> RolloutJson.in(entry.latest().status()))
        .filter(state -> state.progress().step() > 0)
        .map(
            state ->
                "Rollout is "
                    + state.phase().text()
                    + ": "
                    + state.message()
                    + " See: "
                    + status(entry.latest().name()));
  }

  /** The same for a rollout that needs an operator. */
  static Optional<String> inTrouble(PolicyCatalog.Entry entry) {
    return of(entry)
        .filter(
            sentence ->
                RolloutJson.in(entry.latest().status())
                    .filter(s -> s.phase().isBack() || s.phase() == RolloutPhase.PAUSED)
                    .isPresent());
  }

  private List<PolicyRollout> rollouts() {
    return facts.seen().policies().inForce().stream()
        .flatMap(policy -> facts.seen().policies().rollout(policy.name()).stream())
        .filter(rollout -> rollout.counts(facts.node()))
        .toList();
  }

  private String sentence(PolicyRollout rollout) {
    return (isOnTarget(rollout)
            ? "The node has the target revision "
                + rollout.target()
                + " of policy "
                + rollout.policy()
                + state(rollout).map(s -> ", of which " + phase(s)).orElse("")
            : capital(clause(rollout)))
        + ". See: "
        + status(rollout.policy());
  }

  /** Why the node does not have the target. */
  private String clause(PolicyRollout rollout) {
    String carried = rollout.carriedBy(facts.node());
    String follows =
        carried.isEmpty()
            ? "it has nothing of policy " + rollout.policy()
            : "it follows revision " + carried + " of policy " + rollout.policy();
    Optional<RolloutState> state = state(rollout);
    return state.filter(s -> s.phase().isBack()).isPresent()
        ? follows + ", as revision " + rollout.target() + " was rolled back"
        : follows
            + ", because its step to revision "
            + rollout.target()
            + " has not come"
            + state.map(s -> " (" + phase(s) + ")").orElse("");
  }

  private static String phase(RolloutState state) {
    Progress progress = state.progress();
    return "step "
        + progress.step()
        + " of "
        + progress.steps()
        + " is "
        + state.phase().text()
        + (state.phase() == RolloutPhase.PAUSED ? ", " + state.reason() : "");
  }

  private boolean isOnTarget(PolicyRollout rollout) {
    return rollout.carriedBy(facts.node()).equals(rollout.target());
  }

  /** The record of this rollout; empty when none has been written yet. */
  private Optional<RolloutState> state(PolicyRollout rollout) {
    return Optional.ofNullable(facts.policies().get(rollout.policy()))
        .flatMap(entry -> RolloutJson.in(entry.latest().status()))
        .filter(s -> s.progress().step() > 0)
        .filter(s -> s.revisions().target().equals(rollout.target()));
  }

  private Optional<NodeQoSPolicy> inForce(PolicyRollout rollout) {
    return facts.seen().policies().inForce().stream()
        .filter(policy -> policy.name().equals(rollout.policy()))
        .findFirst();
  }

  private static String capital(String clause) {
    return "The node" + clause.substring("it".length());
  }

  private static String status(String policy) {
    return "kubectl nodeqos rollout status " + policy;
  }
}
