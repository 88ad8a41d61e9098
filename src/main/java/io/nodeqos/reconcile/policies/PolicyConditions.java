// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.brake.BrakeStatus;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.fleet.PolicyCounts.Frozen;
import io.nodeqos.reconcile.plan.GateDeadlock;
import io.nodeqos.reconcile.policies.Conditions.Condition;
import io.nodeqos.reconcile.policies.PolicyStatus.Facts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The conditions of a policy and their messages.
 *
 * @param suspendedSince when the policy was suspended, now if it just was; without meaning
 *     otherwise
 */
record PolicyConditions(PolicyCatalog.Entry entry, Facts facts, Instant suspendedSince) {
  static final String VALID = "Valid";
  static final String PROGRESSING = "Progressing";
  static final String AVAILABLE = "Available";

  /** Present only while the policy in force is suspended. */
  static final String SUSPENDED = "Suspended";

  /** Present only while it is False. */
  static final String IMAGES_PULLED = "ImagesPulled";

  static final String PULL_FAILED = "ImagePullFailed";
  private static final String INVALID = "Invalid";
  private static final String FROZEN = "Frozen";

  /** In the order of the status. */
  List<Condition> all() {
    List<Condition> all = new ArrayList<>(List.of(valid(), progressing(), available()));
    all.addAll(readiness().conditions());
    if (isSuspended()) {
      all.add(new Condition(SUSPENDED, true, SUSPENDED, suspension()));
    }
    notPulled().ifPresent(all::add);
    return all;
  }

  /** The first cause that applies decides. */
  private Readiness readiness() {
    Condition progressing = progressing();
    if (isBraked()) {
      return Readiness.stalled(progressing);
    }
    if (isDeleting()) {
      return Readiness.reconciling(progressing);
    }
    if (!isValid()) {
      return Readiness.stalled(valid());
    }
    Condition available = available();
    if (facts.counts().deadlocks().nodes() > 0) {
      return Readiness.stalled(available);
    }
    Optional<RolloutProgress> rollout = rollout();
    if (rollout.filter(RolloutProgress::isRolledBack).isPresent()) {
      return Readiness.stalled(rollout.get().condition());
    }
    if (progressing.holds()) {
      return Readiness.reconciling(progressing);
    }
    if (rollout.isPresent() || isSuspended() || facts.counts().frozen().nodes() > 0) {
      return Readiness.held(progressing);
    }
    return notPulled()
        .or(() -> Optional.of(available).filter(condition -> !condition.holds()))
        .map(Readiness::reconciling)
        .orElseGet(() -> Readiness.ready(available));
  }

  private Condition valid() {
    if (isValid()) {
      return new Condition(
          VALID,
          true,
          "Accepted",
          isDeleting() ? "The policy is being deleted." : "The policy is in force.");
    }
    String kept =
        entry.inForce().isPresent()
            ? " The last valid version stays in force."
            : " It has no effect.";
    return new Condition(VALID, false, INVALID, String.join("; ", entry.problems()) + "." + kept);
  }

  /** True while the brake holds: the policy must not appear settled. */
  private Condition progressing() {
    if (isBraked()) {
      return new Condition(
          PROGRESSING, true, BrakeStatus.REASON, BrakeStatus.message(facts.brake().get()));
    }
    if (isDeleting()) {
      return new Condition(PROGRESSING, true, "Cleaning", facts.cleaning().sentence());
    }
    Condition inForce = progressOfVersionInForce();
    return isValid()
        ? inForce
        : new Condition(PROGRESSING, inForce.holds(), INVALID, ofVersionInForce(inForce.message()));
  }

  private Condition progressOfVersionInForce() {
    PolicyCounts counts = facts.counts();
    if (facts.cleaning().left() > 0) {
      return new Condition(PROGRESSING, true, "Cleaning", facts.cleaning().sentence());
    }
    if (isSuspended()) {
      return new Condition(PROGRESSING, false, SUSPENDED, suspension());
    }
    Optional<RolloutProgress> rollout = rollout();
    if (rollout.isPresent()) {
      return rollout.get().condition();
    }
    if (counts.waiting() > 0 || counts.left() > 0) {
      return new Condition(
          PROGRESSING,
          true,
          "NodesPending",
          counts.waiting()
              + " of "
              + counts.nodes().matched()
              + " nodes wait for their gates, "
              + counts.left()
              + " are not configured yet."
              + (counts.frozen().nodes() > 0 ? " " + frozen() : ""));
    }
    return counts.frozen().nodes() > 0
        ? new Condition(PROGRESSING, false, FROZEN, frozen())
        : new Condition(PROGRESSING, false, "Settled", "All matched nodes are up to date.");
  }

  private Condition available() {
    Condition inForce = availabilityOfVersionInForce();
    return isValid()
        ? inForce
        : new Condition(AVAILABLE, false, INVALID, ofVersionInForce(inForce.message()));
  }

  private Condition availabilityOfVersionInForce() {
    PolicyCounts counts = facts.counts();
    String available = available(counts.nodes().done(), counts.nodes().matched());
    if (counts.deadlocks().nodes() > 0) {
      return new Condition(
          AVAILABLE,
          false,
          Reason.GATE_DEADLOCK.code(),
          available
              + ", "
              + counts.deadlocks().nodes()
              + " cannot become warm. "
              + GateDeadlock.sentence(counts.deadlocks().daemonSets()));
    }
    if (counts.allDone()) {
      return new Condition(AVAILABLE, true, "AllNodes", allDone(counts.nodes().matched()));
    }
    boolean onlyFrozen = counts.waiting() == 0 && counts.left() == 0 && counts.frozen().nodes() > 0;
    return onlyFrozen
        ? new Condition(
            AVAILABLE,
            false,
            isSuspended() ? SUSPENDED : FROZEN,
            available + ", the others are frozen.")
        : new Condition(AVAILABLE, false, "NotAllNodes", available + ".");
  }

  private static String allDone(int nodes) {
    return nodes == 0 ? "The policy selects no node." : available(nodes, nodes) + ".";
  }

  private static String available(int done, int matched) {
    return done + "/" + matched + " nodes are available";
  }

  /** A problem of the DaemonSet comes first: without a DaemonSet no pod could report anything. */
  private Optional<Condition> notPulled() {
    return facts
        .images()
        .map(p -> new Condition(IMAGES_PULLED, false, p.reason(), p.message()))
        .or(this::pullFailure);
  }

  private Optional<Condition> pullFailure() {
    PolicyCounts.PullFailures pulls = facts.counts().pulls();
    return pulls
        .first()
        .map(
            failure ->
                new Condition(
                    IMAGES_PULLED,
                    false,
                    PULL_FAILED,
                    "An image cannot be pulled on "
                        + nodes(pulls.nodes())
                        + ". Pod "
                        + failure.pod()
                        + " on node "
                        + pulls.node()
                        + " reports: "
                        + failure.words()));
  }

  private String suspension() {
    Frozen frozen = facts.counts().frozen();
    return "The policy has been suspended since "
        + suspendedSince
        + ": "
        + (frozen.nodes() == 0
            ? "no node takes a section from it."
            : are(frozen.nodes()) + " frozen as " + warm(frozen) + ".");
  }

  private String frozen() {
    Frozen frozen = facts.counts().frozen();
    return are(frozen.nodes())
        + " frozen as "
        + warm(frozen)
        + ": "
        + frozen.by().keySet().stream().map(Freeze::clause).collect(Collectors.joining("; "))
        + ".";
  }

  private static String warm(Frozen frozen) {
    return (frozen.nodes() == 1 ? "it is" : "they are") + " (" + frozen.warm() + " warm)";
  }

  private static String are(int nodes) {
    return nodes(nodes) + (nodes == 1 ? " is" : " are");
  }

  private static String nodes(int nodes) {
    return nodes == 1 ? "1 node" : nodes + " nodes";
  }

  private String ofVersionInForce(String message) {
    return entry.inForce().isPresent()
        ? "The latest version is invalid. For the last valid version: " + message
        : "The policy is invalid and has no effect.";
  }

  private boolean isValid() {
    return entry.problems().isEmpty();
  }

  private boolean isBraked() {
    return facts.brake().filter(Brake.Episode::holds).isPresent();
  }

  /** A suspended policy has none: its rollout stands still, too. */
  private Optional<RolloutProgress> rollout() {
    return isSuspended() ? Optional.empty() : RolloutProgress.of(entry);
  }

  private boolean isDeleting() {
    return entry.latest().meta().deleting();
  }

  private boolean isSuspended() {
    return !isDeleting()
        && entry.inForce().map(NodeQoSPolicy::spec).filter(spec -> spec.suspend()).isPresent();
  }
}
