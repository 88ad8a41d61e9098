// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import com.google.gson.JsonObject;
import io.nodeqos.election.Fence;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.ResourceVersions;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.telemetry.LogContext;
import io.nodeqos.telemetry.WorkTrace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the status of the policies, whether they are valid and how far their nodes are, and the
 * finalizer of those that have nodes cleaned when they go.
 */
public final class PolicyReconciler implements WorkerPool.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyReconciler.class);

  /** How long the nodes have to be looked at. */
  private static final Duration LOOKED_AT = Duration.ofSeconds(1);

  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final Aspects aspects;
  private final PolicyWriter writer;
  private final Fence fence;
  private final EventPublisher events;
  private final Timing timing;
  private final Map<String, Written> written = new ConcurrentHashMap<>();
  private final Map<String, WriteResult.Rejected> refused = new ConcurrentHashMap<>();

  /**
   * What it tells of a policy besides its own validity and the counts of its nodes.
   *
   * @param images what keeps policies' images from being pulled
   */
  public record Aspects(Brake brake, PolicyFinalizer finalizer, ImageProblems images) {}

  /**
   * When it writes.
   *
   * @param interval least time between two writes of one policy's status
   */
  public record Timing(Supplier<Duration> interval, RetryDelays afterFailures, Clock clock) {}

  public PolicyReconciler(
      PolicyCatalog policies,
      FleetIndex fleet,
      Aspects aspects,
      PolicyWriter writer,
      Fence fence,
      EventPublisher events,
      Timing timing) {
    this.policies = policies;
    this.fleet = fleet;
    this.aspects = aspects;
    this.writer = writer;
    this.fence = fence;
    this.events = events;
    this.timing = timing;
  }

  @Override
  public Outcome handle(WorkItem item) {
    String name = item.key();
    try (LogContext ignored =
        LogContext.of(LogContext.Key.POLICY, name)
            .and(LogContext.Key.EPOCH, fence.isOpen() ? fence.epoch() : "")) {
      Optional<PolicyCatalog.Entry> entry = policies.entry(name);
      if (entry.isEmpty()) {
        written.remove(name);
        refused.remove(name);
        return ended("deleted", Outcome.done());
      }
      return reconcile(name, entry.get());
    }
  }

  private Outcome reconcile(String name, PolicyCatalog.Entry cached) {
    if (!fence.isOpen()) {
      return ended("not_leading", Outcome.done());
    }
    WorkTrace.current().leads(fence.epoch());
    Instant now = timing.clock().instant();
    Optional<Written> last = lastWrite(cached.latest());
    PolicyCatalog.Entry entry =
        new PolicyCatalog.Entry(
            last.map(w -> w.orNewer(cached.latest())).orElse(cached.latest()),
            cached.inForce(),
            cached.problems());
    if (entry.latest().meta().deleting() && entry.latest().meta().finalizers().isEmpty()) {
      return ended("deleted", Outcome.done());
    }
    Cleaning cleaning = aspects.finalizer().cleaning(entry);
    Optional<List<String>> finalizers = aspects.finalizer().change(entry, cleaning);
    if (finalizers.isPresent()) {
      return writeFinalizers(entry.latest(), finalizers.get(), last);
    }
    boolean isWaitedFor = entry.latest().meta().deleting() && cleaning.unseen() > 0;
    Optional<Instant> mayWriteAt = last.map(w -> w.at().plus(timing.interval().get()));
    if (mayWriteAt.isPresent() && now.isBefore(mayWriteAt.get())) {
      return ended(
          "too_early",
          new Outcome.Again(
              Lane.CHANGE, isWaitedFor ? LOOKED_AT : Duration.between(now, mayWriteAt.get())));
    }
    JsonObject before = entry.latest().status();
    if (BrakeStatus.since(before).isPresent() && !aspects.brake().knowsAllNodes()) {
      // Another leader's brake is not lifted by one that has not looked at the nodes yet.
      return ended("too_early", new Outcome.Again(Lane.CHANGE, LOOKED_AT));
    }
    Optional<Brake.Episode> episode = aspects.brake().episode(entry.latest(), now);
    JsonObject status =
        PolicyStatus.of(entry, fleet.counts(name), cleaning, aspects.images().of(name), now);
    BrakeStatus.put(status, before, episode, now);
    // A node that turns out to carry nothing is no news: nobody says when all were looked at.
    Outcome later = isWaitedFor ? new Outcome.Again(Lane.CHANGE, LOOKED_AT) : later(name, now);
    if (PolicyStatus.isIn(status, before)) {
      return ended(WorkTrace.UNCHANGED, later);
    }
    return write(entry, status, episode, later);
  }

  /** An episode of the brake may end by time alone. */
  private Outcome later(String name, Instant now) {
    return aspects
        .brake()
        .mayEndAt(name)
        .map(at -> Outcome.again(Duration.between(now, at.isAfter(now) ? at : now)))
        .orElseGet(Outcome::done);
  }

  private Outcome writeFinalizers(
      PolicyObject policy, List<String> finalizers, Optional<Written> last) {
    WriteResult result =
        writer.patchFinalizers(policy.name(), policy.meta().resourceVersion(), finalizers);
    if (!(result instanceof WriteResult.Ok ok)) {
      return failure(policy.meta(), result);
    }
    LOG.info("finalizers are now {}", finalizers);
    written.put(
        policy.name(),
        new Written(
            policy.withFinalizers(ok.resourceVersion(), finalizers),
            last.map(Written::at).orElse(Instant.EPOCH)));
    return ended(
        "written",
        policy.meta().deleting() ? Outcome.done() : new Outcome.Again(Lane.CHANGE, Duration.ZERO));
  }

  private static Outcome ended(String result, Outcome outcome) {
    WorkTrace.current().result(result);
    return outcome;
  }

  private Outcome write(
      PolicyCatalog.Entry entry,
      JsonObject status,
      Optional<Brake.Episode> episode,
      Outcome later) {
    PolicyObject policy = entry.latest();
    Instant now = timing.clock().instant();
    WriteResult result =
        writer.patchStatus(policy.name(), policy.meta().resourceVersion(), status.toString());
    if (result instanceof WriteResult.Ok ok) {
      written.put(policy.name(), new Written(policy.withStatus(ok.resourceVersion(), status), now));
      refused.remove(policy.name());
      if (!entry.problems().isEmpty() && !PolicyStatus.isAbout(policy)) {
        LOG.warn("the policy is invalid: {}", String.join("; ", entry.problems()));
      }
      tellValidity(policy, PolicyStatus.Validity.in(status));
      episode
          .filter(e -> BrakeStatus.isNews(policy.status(), e))
          .ifPresent(
              e -> {
                LOG.warn("the brake holds: {}", BrakeStatus.message(e));
                events.policy(QosEvent.Type.BRAKED, policy.meta(), BrakeStatus.message(e));
              });
      return ended("written", later);
    }
    return failure(policy.meta(), result);
  }

  /** A further generation that is valid as well is no news; one with mistakes has its own. */
  private void tellValidity(PolicyObject policy, PolicyStatus.Validity now) {
    PolicyStatus.Validity before = PolicyStatus.Validity.in(policy.status());
    if (now.holds() && !before.holds()) {
      events.policy(QosEvent.Type.POLICY_VALID, policy.meta(), now.message());
    } else if (now.isDenied() && (!before.isDenied() || !PolicyStatus.isAbout(policy))) {
      events.policy(QosEvent.Type.POLICY_INVALID, policy.meta(), now.message());
    }
  }

  private Outcome failure(PolicyObject.Meta policy, WriteResult why) {
    String name = policy.name();
    if (why instanceof WriteResult.NotFound) {
      return ended("deleted", Outcome.done());
    }
    if (why instanceof WriteResult.Fenced) {
      return ended("not_leading", Outcome.done());
    }
    if (why instanceof WriteResult.Throttled throttled) {
      return ended("throttled", new Outcome.Postponed(throttled.after()));
    }
    WorkTrace.current().failed(why.why());
    if (why instanceof WriteResult.Conflict) {
      // What is known is not the newest after all; the cache will tell.
      written.remove(name);
    } else if (why instanceof WriteResult.Rejected rejected
        && !rejected.equals(refused.put(name, rejected))) {
      LOG.warn(
          "the API server refuses the policy's status or finalizer: {} {}",
          rejected.code(),
          rejected.reason());
      events.policy(
          QosEvent.Type.WRITE_REFUSED,
          policy,
          "The API server refuses the policy's status or finalizer: " + rejected.reason());
    }
    LOG.debug("it was not written: {}", why);
    WorkTrace.current().result(word(why));
    return why instanceof WriteResult.Retry retry && !retry.retryAfter().isZero()
        ? Outcome.failedUntil(retry.retryAfter())
        : Outcome.failed(timing.afterFailures());
  }

  private static String word(WriteResult why) {
    return why instanceof WriteResult.Conflict
        ? "conflict"
        : why instanceof WriteResult.Rejected ? "rejected" : "retry";
  }

  /** Empty for a policy that was created again under its name. */
  private Optional<Written> lastWrite(PolicyObject policy) {
    return Optional.ofNullable(written.get(policy.name()))
        .filter(w -> w.policy().meta().uid().equals(policy.meta().uid()));
  }

  /**
   * The policy after our last write of it, which the cache may not show yet.
   *
   * @param at when the status was written
   */
  private record Written(PolicyObject policy, Instant at) {
    PolicyObject orNewer(PolicyObject cached) {
      String version = policy.meta().resourceVersion();
      return ResourceVersions.isAtLeast(cached.meta().resourceVersion(), version)
          ? cached
          : cached
              .withStatus(version, policy.status())
              .withFinalizers(version, policy.meta().finalizers());
    }
  }
}
