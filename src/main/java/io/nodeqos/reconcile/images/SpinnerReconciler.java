// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.Keys;
import io.nodeqos.node.Reason;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one DaemonSet for each policy whose images must be pulled: one write when it should change,
 * none otherwise, and a deletion when there are no images to pull any more. Runs under a {@link
 * io.nodeqos.reconcile.LeaderHandler}.
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
    Optional<SpinnerSpec> wanted =
        entry
            .filter(e -> !e.latest().meta().deleting())
            .flatMap(e -> e.inForce())
            .flatMap(specs::of);
    String name = specs.name(policy);
    Optional<SpinnerDaemonSet> present = spinners.spinner(name);
    String has = present.map(SpinnerDaemonSet::appliedHash).orElse(SpinnerWrites.NO_HASH);
    String wants = wanted.map(SpinnerSpec::hash).orElse(SpinnerWrites.NO_HASH);
    if (present.isPresent() == wanted.isPresent() && has.equals(wants)) {
      if (present.isEmpty() || present.get().mountsImages()) {
        writes.forget(policy);
        problems.solved(policy);
        return removeOthers(policy, name);
      }
      problems.found(entry.get().latest(), UNSUPPORTED);
      Duration left = writes.left(policy, wants, UNSUPPORTED_RETRY);
      if (!left.isZero()) {
        return new Outcome.Again(Lane.RESYNC, left);
      }
    }
    Duration cacheBehind = writes.left(policy, wants, CACHE_GRACE);
    if (!cacheBehind.isZero()) {
      return Outcome.again(cacheBehind);
    }
    if (wanted.isEmpty()) {
      return delete(policy, present.get());
    }
    if (present.filter(SpinnerDaemonSet::deleting).isPresent()) {
      // The deletion queues the policy again.
      return Outcome.done();
    }
    WriteResult result = writes.apply(policy, wanted.get(), present);
    // On the first attempt the cache may not yet hold the object that the last leader created.
    if (result instanceof WriteResult.Conflict && present.isEmpty() && item.attempt() > 1) {
      problems.found(entry.get().latest(), nameTaken(wanted.get()));
    }
    return applied(entry.get().latest(), wanted.get(), present.isPresent(), result);
  }

  private static boolean isSuspended(PolicyCatalog.Entry entry) {
    return !entry.latest().meta().deleting()
        && entry.inForce().filter(policy -> policy.spec().suspend()).isPresent();
  }

  /** DaemonSets of this policy under another name: of another {@code spinner.namePrefix}. */
  private Outcome removeOthers(String policy, String name) {
    return spinners.spinners().stream()
        .filter(s -> s.policy().equals(policy) && !s.name().equals(name) && !s.deleting())
        .findFirst()
        .map(other -> delete(policy, other))
        .orElseGet(Outcome::done);
  }

  private Outcome delete(String policy, SpinnerDaemonSet daemonSet) {
    if (daemonSet.deleting()) {
      return Outcome.done();
    }
    WriteResult result = writes.delete(policy, daemonSet);
    if (result instanceof WriteResult.Ok || result instanceof WriteResult.NotFound) {
      LOG.info("DaemonSet {} deleted: no images to pull", daemonSet.name());
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
