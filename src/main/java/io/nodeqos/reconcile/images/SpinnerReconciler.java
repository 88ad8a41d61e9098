// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.election.Fence;
import io.nodeqos.events.QosEvent;
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
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.images.ImageProblems.Problem;
import io.nodeqos.telemetry.logging.LogContext;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one DaemonSet for each policy that wants images pulled: one write when it should change,
 * none otherwise, and a deletion when nothing is to be pulled any more. Keys are names of policies.
 */
public final class SpinnerReconciler implements WorkerPool.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(SpinnerReconciler.class);

  /** How long the cache may take to show our own write; nothing is written for a policy before. */
  private static final Duration CACHE_GRACE = Duration.ofSeconds(5);

  private static final Duration UNTIL_SYNCED = Duration.ofSeconds(1);

  /** A server without image volumes may be updated some day. */
  private static final Duration UNTIL_ASKED_AGAIN = Duration.ofMinutes(10);

  private static final Problem UNSUPPORTED =
      new Problem(
          Reason.IMAGE_WARM_UP_UNSUPPORTED.code(),
          "The images are not pulled, as " + ImageProblems.UNSUPPORTED + ".");

  private final PolicyCatalog policies;
  private final SpinnerView spinners;
  private final DaemonSetWriter writer;
  private final Fence fence;
  private final Rules rules;
  private final Listeners listeners;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  /**
   * What it follows.
   *
   * @param namespace of the DaemonSets, the controller's own
   */
  public record Rules(
      SpinnerSettings settings, String namespace, RetryDelays afterFailures, TimeSource time) {}

  /**
   * Who hears of what it finds out.
   *
   * @param policyChanged hears the policies whose status may have changed
   */
  public record Listeners(
      ImageProblems problems, EventPublisher events, Consumer<String> policyChanged) {}

  /** Our last write for a policy, which the cache may not show yet. */
  private record Written(String hash, long nanos) {
    static final String NOTHING = "";
  }

  public SpinnerReconciler(
      PolicyCatalog policies,
      SpinnerView spinners,
      DaemonSetWriter writer,
      Fence fence,
      Rules rules,
      Listeners listeners) {
    this.policies = policies;
    this.spinners = spinners;
    this.writer = writer;
    this.fence = fence;
    this.rules = rules;
    this.listeners = listeners;
  }

  @Override
  public Outcome handle(WorkItem item) {
    try (LogContext ignored =
        LogContext.of(LogContext.Key.POLICY, item.key())
            .and(LogContext.Key.EPOCH, fence.isOpen() ? fence.epoch() : "")) {
      if (!spinners.synced()) {
        return Outcome.again(UNTIL_SYNCED);
      }
      return fence.isOpen() ? reconcile(item.key(), item.attempt()) : Outcome.done();
    }
  }

  private Outcome reconcile(String policy, int attempt) {
    Optional<PolicyCatalog.Entry> entry = policies.entry(policy);
    if (entry.isPresent() && entry.get().inForce().isEmpty()) {
      // Invalid and never seen valid: what it has stays, as on the nodes.
      return Outcome.done();
    }
    Optional<SpinnerSpec> wanted =
        entry
            .filter(e -> !e.latest().meta().deleting())
            .flatMap(e -> e.inForce())
            .flatMap(p -> SpinnerSpec.of(p, rules.settings(), rules.namespace()));
    String name = SpinnerSpec.name(policy, rules.settings());
    Optional<SpinnerDaemonSet> present = spinners.spinner(name);
    String has = present.map(SpinnerDaemonSet::appliedHash).orElse(Written.NOTHING);
    String wants = wanted.map(SpinnerSpec::hash).orElse(Written.NOTHING);
    if (present.isPresent() == wanted.isPresent() && has.equals(wants)) {
      if (present.isEmpty() || present.get().mountsImages()) {
        written.remove(policy);
        solved(policy);
        return removeOthers(policy, name);
      }
      problem(entry.get().latest(), UNSUPPORTED);
      Duration left = left(policy, wants, UNTIL_ASKED_AGAIN);
      if (!left.isZero()) {
        return new Outcome.Again(Lane.RESYNC, left);
      }
    }
    Duration cacheBehind = left(policy, wants, CACHE_GRACE);
    if (!cacheBehind.isZero()) {
      return Outcome.again(cacheBehind);
    }
    if (wanted.isEmpty()) {
      return delete(policy, present.get());
    }
    if (present.filter(SpinnerDaemonSet::deleting).isPresent()) {
      // It tells when it is gone.
      return Outcome.done();
    }
    WriteResult result =
        present
            .map(p -> writer.patch(name, wanted.get().toPatch(p.uid())))
            .orElseGet(() -> writer.create(wanted.get().toCreate()));
    // At first the cache may merely not show yet what the last leader has made.
    if (result instanceof WriteResult.Conflict && present.isEmpty() && attempt > 1) {
      problem(entry.get().latest(), nameTaken(wanted.get()));
    }
    return applied(entry.get().latest(), wanted.get(), present.isPresent(), result);
  }

  /** What is left of a time since we wrote exactly this; zero when it is over. */
  private Duration left(String policy, String hash, Duration of) {
    Written last = written.get(policy);
    if (last == null || !last.hash().equals(hash)) {
      return Duration.ZERO;
    }
    Duration left = of.minusNanos(rules.time().nanos() - last.nanos());
    return left.isNegative() ? Duration.ZERO : left;
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
    WriteResult result = writer.delete(daemonSet.name(), daemonSet.uid());
    if (result instanceof WriteResult.Ok || result instanceof WriteResult.NotFound) {
      LOG.info("DaemonSet {} deleted: nothing is to be pulled", daemonSet.name());
      remember(policy, Written.NOTHING);
      return Outcome.again(CACHE_GRACE);
    }
    if (result instanceof WriteResult.Rejected) {
      LOG.warn("DaemonSet {} is not deleted: {}", daemonSet.name(), result.why());
    }
    return failed(result);
  }

  private Outcome applied(
      PolicyObject policy, SpinnerSpec wanted, boolean existed, WriteResult result) {
    if (result instanceof WriteResult.Ok) {
      LOG.info("DaemonSet {} {}", wanted.name(), existed ? "changed" : "created");
      remember(policy.name(), wanted.hash());
      return Outcome.again(CACHE_GRACE);
    }
    if (result instanceof WriteResult.Rejected rejected) {
      return rejected(policy, rejected);
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
            + ": it is not ours, and the images are not pulled until it is gone.");
  }

  private Outcome rejected(PolicyObject policy, WriteResult.Rejected rejected) {
    problem(
        policy,
        new Problem(
            "SpinnerRefused",
            "The API server refuses the DaemonSet that pulls the images: " + rejected.reason()));
    return Outcome.failed(rules.afterFailures());
  }

  private Outcome failed(WriteResult why) {
    LOG.debug("a DaemonSet was not written: {}", why);
    return WriteFailure.of(why, rules.afterFailures()).outcome();
  }

  private void remember(String policy, String hash) {
    written.put(policy, new Written(hash, rules.time().nanos()));
  }

  private void problem(PolicyObject policy, Problem problem) {
    if (listeners.problems().found(policy.meta(), problem)) {
      LOG.warn("{}", problem.message());
      listeners.events().policy(QosEvent.Type.WRITE_REFUSED, policy.meta(), problem.message());
      listeners.policyChanged().accept(policy.name());
    }
  }

  private void solved(String policy) {
    if (listeners.problems().solved(policy)) {
      listeners.policyChanged().accept(policy);
    }
  }
}
