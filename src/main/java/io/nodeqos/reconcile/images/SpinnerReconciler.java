// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.Keys;
import io.nodeqos.node.Reason;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.images.ImageProblems.Problem;
import io.nodeqos.reconcile.plan.ImagePuller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one DaemonSet for each policy whose images must be pulled, and a second one while a rollout
 * changes them: one write when it should change, none otherwise, and a deletion when there are no
 * images to pull any more. Runs under a {@link io.nodeqos.reconcile.LeaderHandler}.
 */
public final class SpinnerReconciler implements WorkerPool.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(SpinnerReconciler.class);

  /** How long the cache may take to hold our own write; no further write for the policy before. */
  private static final Duration CACHE_GRACE = Duration.ofSeconds(5);

  /** A server without image volumes may be upgraded later. */
  private static final Duration UNSUPPORTED_RETRY = Duration.ofMinutes(10);

  private static final Problem UNSUPPORTED =
      new Problem(
          Reason.IMAGE_WARM_UP_UNSUPPORTED.code(),
          "The images are not pulled: " + ImagePuller.UNSUPPORTED + ".");

  /** A failure first: its delays are those of the queue. */
  private static final Comparator<Outcome> SOONEST =
      Comparator.comparing((Outcome o) -> o instanceof Outcome.Again || o instanceof Outcome.Done)
          .thenComparing(o -> o instanceof Outcome.Done)
          .thenComparing(o -> o instanceof Outcome.Again a ? a.after() : Duration.ZERO);

  private final PolicyCatalog policies;
  private final SpinnerView spinners;
  private final SpinnerSpecs specs;
  private final SpinnerWrites writes;
  private final ImageProblemReport problems;
  private final RetryDelays afterFailures;

  public SpinnerReconciler(
      PolicyCatalog policies,
      SpinnerView spinners,
      SpinnerSpecs specs,
      SpinnerWrites writes,
      ImageProblemReport problems,
      RetryDelays afterFailures) {
    this.policies = policies;
    this.spinners = spinners;
    this.specs = specs;
    this.writes = writes;
    this.problems = problems;
    this.afterFailures = afterFailures;
  }

  @Override
  public Outcome handle(WorkItem item) {
    String policy = item.key();
    Optional<PolicyCatalog.Entry> entry = policies.entry(policy);
    if (entry.isPresent() && entry.get().inForce().isEmpty()) {
      // Invalid and never seen valid: its DaemonSet stays, as its state on the nodes does.
      return Outcome.done();
    }
    if (entry.filter(SpinnerReconciler::isSuspended).isPresent() && specs.isEnabled()) {
      // Its pods follow the label of nodes that are frozen, so the list of images is frozen, too.
      return Outcome.done();
    }
    Optional<NodeQoSPolicy> inForce =
        entry.filter(e -> !e.latest().meta().deleting()).flatMap(PolicyCatalog.Entry::inForce);
    Optional<PolicyRollout> rollout = inForce.flatMap(known -> policies.snapshot().rollout(policy));
    List<SpinnerSpec> wanted =
        inForce
            .map(known -> specs.of(followed(entry.get().latest(), known, rollout), rollout))
            .orElse(List.of());
    List<Outcome> pending = new ArrayList<>();
    for (SpinnerSpec spec : wanted) {
      toSpec(entry.get().latest(), spec, item.attempt()).ifPresent(pending::add);
    }
    if (!pending.isEmpty()) {
      return Collections.min(pending, SOONEST);
    }
    problems.solved(policy);
    Set<String> kept = wanted.stream().map(SpinnerSpec::name).collect(Collectors.toSet());
    if (rollout.filter(r -> !r.isStableKnown()).isPresent()) {
      // What it should pull is not known.
      kept.add(specs.name(policy));
    }
    return removeOthers(policy, kept);
  }

  /**
   * The versions that nodes follow, the stable one first. After a rollback, no node keeps the
   * target.
   */
  private static List<NodeQoSPolicy> followed(
      PolicyObject latest, NodeQoSPolicy inForce, Optional<PolicyRollout> rollout) {
    if (rollout.isEmpty()) {
      return List.of(inForce);
    }
    List<NodeQoSPolicy> versions = new ArrayList<>();
    rollout.get().stableVersion().ifPresent(versions::add);
    boolean isRolledBack =
        RolloutJson.in(latest.status())
            .filter(state -> state.phase() == RolloutPhase.ROLLED_BACK)
            .filter(state -> state.revisions().target().equals(inForce.revision()))
            .isPresent();
    if (!isRolledBack) {
      versions.add(inForce);
    }
    return versions;
  }

  /** Brings one DaemonSet to its spec; empty when it is there. */
  private Optional<Outcome> toSpec(PolicyObject policy, SpinnerSpec wanted, int attempt) {
    String name = policy.name();
    Optional<SpinnerDaemonSet> present = spinners.spinner(wanted.name());
    String wants = wanted.hash();
    if (present.filter(wanted::isAppliedTo).isPresent()) {
      if (present.get().mountsImages()) {
        return Optional.empty();
      }
      problems.found(policy, UNSUPPORTED);
      Duration left = writes.left(name, wanted.name(), wants, UNSUPPORTED_RETRY);
      if (!left.isZero()) {
        return Optional.of(new Outcome.Again(Lane.RESYNC, left));
      }
    }
    Duration cacheBehind = writes.left(name, wanted.name(), wants, CACHE_GRACE);
    if (!cacheBehind.isZero()) {
      return Optional.of(Outcome.again(cacheBehind));
    }
    if (present.filter(SpinnerDaemonSet::deleting).isPresent()) {
      // The deletion queues the policy again.
      return Optional.of(Outcome.done());
    }
    WriteResult result = writes.apply(name, wanted, present);
    // On the first attempt the cache may not yet hold the object that the last leader created.
    if (result instanceof WriteResult.Conflict && present.isEmpty() && attempt > 1) {
      problems.found(policy, nameTaken(wanted));
    }
    return Optional.of(applied(policy, wanted, present.isPresent(), result));
  }

  private static boolean isSuspended(PolicyCatalog.Entry entry) {
    return !entry.latest().meta().deleting()
        && entry.inForce().filter(policy -> policy.spec().suspend()).isPresent();
  }

  /**
   * DaemonSets of this policy that no node needs: of a rollout that is over, of another {@code
   * spinner.namePrefix}.
   */
  private Outcome removeOthers(String policy, Set<String> kept) {
    Optional<SpinnerDaemonSet> other =
        spinners.spinners().stream()
            .filter(s -> s.policy().equals(policy) && !kept.contains(s.name()) && !s.deleting())
            .findFirst();
    if (other.isEmpty()) {
      writes.forget(policy);
      return Outcome.done();
    }
    Duration cacheBehind =
        writes.left(policy, other.get().name(), SpinnerWrites.NO_HASH, CACHE_GRACE);
    return cacheBehind.isZero() ? delete(policy, other.get()) : Outcome.again(cacheBehind);
  }

  private Outcome delete(String policy, SpinnerDaemonSet daemonSet) {
    WriteResult result = writes.delete(policy, daemonSet);
    if (result instanceof WriteResult.Ok || result instanceof WriteResult.NotFound) {
      LOG.info("DaemonSet {} deleted: no node pulls its images any more", daemonSet.name());
      return Outcome.again(CACHE_GRACE);
    }
    if (result instanceof WriteResult.Rejected) {
      LOG.warn("DaemonSet {} not deleted: {}", daemonSet.name(), result.why());
    }
    return failed(result);
  }

  private Outcome applied(
      PolicyObject policy, SpinnerSpec wanted, boolean existed, WriteResult result) {
    if (result instanceof WriteResult.Ok) {
      LOG.info("DaemonSet {} {}", wanted.name(), existed ? "changed" : "created");
      return Outcome.again(CACHE_GRACE);
    }
    if (result instanceof WriteResult.Rejected rejected) {
      problems.found(policy, refused(rejected));
    }
    return failed(result);
  }

  private static Problem nameTaken(SpinnerSpec wanted) {
    return new Problem(
        "SpinnerNameTaken",
        "DaemonSet "
            + wanted.namespace()
            + "/"
            + wanted.name()
            + " exists without the label "
            + Keys.SPINNER
            + ", so it does not belong to this controller. The images are not pulled until it is"
            + " deleted.");
  }

  private static Problem refused(WriteResult.Rejected why) {
    return new Problem(
        "SpinnerRefused",
        "The API server refuses the DaemonSet that pulls the images: " + why.reason());
  }

  private Outcome failed(WriteResult why) {
    LOG.debug("DaemonSet not written: {}", why);
    return WriteFailure.of(why, afterFailures).outcome();
  }
}
