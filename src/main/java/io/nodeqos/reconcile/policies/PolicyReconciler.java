// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonObject;
import io.nodeqos.election.Fence;
import io.nodeqos.events.QosEvent;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.brake.BrakeStatus;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.telemetry.logging.LogContext;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

  /** How long it takes to know that the cache of nodes is not behind. */
  private static final Duration UNTIL_PROVED = Duration.ofMillis(200);

  /** As it takes to look at the nodes of a small cluster; at most so often. */
  private static final Duration UNTIL_SEEN = Duration.ofMillis(250);

  private static final int A_FIGHT = 3;

  private final PolicyCatalog policies;
  private final PolicyWrites writes;
  private final Aspects aspects;
  private final PolicyWriter writer;
  private final Fence fence;
  private final EventPublisher events;
  private final Timing timing;
  private final PolicyNews news;
  private final PolicyNotes notes = new PolicyNotes();

  /**
   * What it tells of a policy besides its own validity.
   *
   * @param images what keeps policies' images from being pulled
   */
  public record Aspects(
      PolicyCensus census, Brake brake, PolicyFinalizer finalizer, ImageProblems images) {}

  /**
   * When it writes.
   *
   * @param interval least time between two writes of one policy's status
   */
  public record Timing(Supplier<Duration> interval, RetryDelays afterFailures, TimeSource time) {}

  /**
   * How it writes.
   *
   * @param writes what it remembers of that
   */
  public record Writing(PolicyWriter writer, PolicyWrites writes, Fence fence) {}

  public PolicyReconciler(
      PolicyCatalog policies,
      Aspects aspects,
      Writing writing,
      EventPublisher events,
      Timing timing) {
    this.policies = policies;
    this.aspects = aspects;
    this.writer = writing.writer();
    this.writes = writing.writes();
    this.fence = writing.fence();
    this.events = events;
    this.timing = timing;
    this.news = new PolicyNews(events);
  }

  /** Since when a policy has been suspended, as its status tells; empty when it tells of none. */
  public static Optional<Instant> suspendedSince(PolicyObject policy) {
    Conditions told = Conditions.in(policy.status());
    return told.isTrue(PolicyConditions.SUSPENDED)
        ? Optional.of(told.since(PolicyConditions.SUSPENDED, "True", Instant.EPOCH))
            .filter(since -> since.isAfter(Instant.EPOCH))
        : Optional.empty();
  }

  @Override
  public Outcome handle(WorkItem item) {
    String name = item.key();
    try (LogContext ignored =
        LogContext.of(LogContext.Key.POLICY, name)
            .and(LogContext.Key.EPOCH, fence.isOpen() ? fence.epoch() : "")) {
      // Before the entry: a new leader's caches have caught up when the fence opens, not before.
      boolean leads = fence.isOpen();
      Instant now = timing.time().steadyTime();
      aspects.brake().review(name, now);
      Optional<PolicyCatalog.Entry> entry = policies.entry(name);
      if (entry.isEmpty()) {
        writes.forget(name);
        notes.forget(name);
        return ended(SyncResult.DELETED, Outcome.done());
      }
      return leads
          ? reconcile(name, entry.get(), now)
          : ended(SyncResult.NOT_LEADING, later(name, now));
    }
  }

  private Outcome reconcile(String name, PolicyCatalog.Entry cached, Instant now) {
    if (!fence.isOpen()) {
      return ended(SyncResult.NOT_LEADING, Outcome.done());
    }
    WorkTrace.current().leads(fence.epoch());
    Optional<PolicyWrites.Written> last = writes.last(cached.latest());
    PolicyCatalog.Entry entry =
        new PolicyCatalog.Entry(
            last.map(w -> w.orNewer(cached.latest())).orElse(cached.latest()),
            cached.inForce(),
            cached.problems());
    if (entry.latest().meta().deleting() && entry.latest().meta().finalizers().isEmpty()) {
      return ended(SyncResult.DELETED, Outcome.done());
    }
    Cleaning cleaning = aspects.finalizer().cleaning(entry);
    Optional<List<String>> finalizers = aspects.finalizer().change(entry, cleaning);
    if (finalizers.isPresent()) {
      return writeFinalizers(entry.latest(), finalizers.get());
    }
    if (cleaning.isAboutToEnd()) {
      return ended(SyncResult.TOO_EARLY, new Outcome.Again(Lane.CHANGE, UNTIL_PROVED));
    }
    boolean isWaitedFor = entry.latest().meta().deleting() && cleaning.isWaitedFor();
    Optional<Instant> mayWriteAt = last.map(w -> w.at().plus(timing.interval().get()));
    if (mayWriteAt.isPresent() && now.isBefore(mayWriteAt.get())) {
      return ended(
          SyncResult.TOO_EARLY,
          new Outcome.Again(
              Lane.CHANGE, isWaitedFor ? LOOKED_AT : Duration.between(now, mayWriteAt.get())));
    }
    JsonObject present = entry.latest().status();
    if (BrakeStatus.since(present).isPresent() && !aspects.brake().knowsAllNodes()) {
      // Another leader's brake is not lifted by one that has not looked at the nodes yet.
      return ended(SyncResult.TOO_EARLY, new Outcome.Again(Lane.CHANGE, LOOKED_AT));
    }
    PolicyCounts counts = aspects.census().of(entry);
    if (notes.mustLookAgain(entry.latest().meta(), counts)) {
      return ended(SyncResult.TOO_EARLY, new Outcome.Again(Lane.CHANGE, UNTIL_SEEN));
    }
    Optional<Brake.Episode> episode = aspects.brake().episode(entry.latest());
    // What this leader told counts, also when somebody has changed it since.
    JsonObject told =
        last.filter(w -> w.epoch() == fence.epoch()).map(w -> w.policy().status()).orElse(present);
    JsonObject status =
        PolicyStatus.of(
            entry,
            new PolicyStatus.Facts(
                counts, cleaning, aspects.images().of(entry.latest().meta()), episode),
            told,
            timing.time().wallTime());
    BrakeStatus.clear(status, present);
    // A node that turns out to carry nothing is no news: nobody says when all were looked at.
    boolean isLookedFor = isWaitedFor || counts.nodes().unseen() > 0;
    Outcome later = isLookedFor ? new Outcome.Again(Lane.CHANGE, LOOKED_AT) : later(name, now);
    if (PolicyStatus.isIn(status, present)) {
      return ended(SyncResult.UNCHANGED, later);
    }
    Duration pause =
        last.filter(w -> w.epoch() == fence.epoch())
            .map(w -> w.pause(status, timing.interval().get(), now))
            .orElse(Duration.ZERO);
    if (!pause.isZero()) {
      return ended(SyncResult.DAMPED, new Outcome.Again(Lane.CHANGE, pause));
    }
    return write(entry, new Draft(status, told, episode), later);
  }

  /** An episode of the brake may end by time alone. */
  private Outcome later(String name, Instant now) {
    return aspects
        .brake()
        .mayEndAt(name)
        .map(at -> Outcome.again(Duration.between(now, at.isAfter(now) ? at : now)))
        .orElseGet(Outcome::done);
  }

  private Outcome writeFinalizers(PolicyObject policy, List<String> finalizers) {
    WriteResult result =
        writer.patchFinalizers(policy.name(), policy.meta().resourceVersion(), finalizers);
    if (!(result instanceof WriteResult.Ok ok)) {
      return failure(policy.meta(), result);
    }
    LOG.info("finalizers are now {}", finalizers);
    writes.finalizersWritten(
        policy.withFinalizers(ok.resourceVersion(), finalizers), fence.epoch());
    return ended(
        SyncResult.WRITTEN,
        policy.meta().deleting() ? Outcome.done() : new Outcome.Again(Lane.CHANGE, Duration.ZERO));
  }

  private static Outcome ended(SyncResult result, Outcome outcome) {
    WorkTrace.current().result(result.code());
    return outcome;
  }

  /**
   * A status to be written.
   *
   * @param told the one before, as it was told
   */
  private record Draft(JsonObject status, JsonObject told, Optional<Brake.Episode> episode) {}

  private Outcome write(PolicyCatalog.Entry entry, Draft draft, Outcome later) {
    PolicyObject policy = entry.latest();
    Instant now = timing.time().steadyTime();
    WriteResult result =
        writer.patchStatus(
            policy.name(), policy.meta().resourceVersion(), draft.status().toString());
    if (!(result instanceof WriteResult.Ok ok)) {
      return failure(policy.meta(), result);
    }
    int repairs =
        writes.statusWritten(
            policy.withStatus(ok.resourceVersion(), draft.status()), now, fence.epoch());
    if (repairs == A_FIGHT) {
      LOG.warn(
          "somebody changes the policy's status again and again; it is put right more and more"
              + " seldom");
    }
    notes.written(policy.meta());
    news.written(entry, draft.told(), draft.status(), draft.episode());
    return ended(SyncResult.WRITTEN, later);
  }

  private Outcome failure(PolicyObject.Meta policy, WriteResult why) {
    if (why instanceof WriteResult.NotFound) {
      return ended(SyncResult.DELETED, Outcome.done());
    }
    WriteFailure failure = WriteFailure.of(why, timing.afterFailures());
    if (failure.isFailure()) {
      WorkTrace.current().failed(why.why());
      LOG.debug("it was not written: {}", why);
    }
    if (why instanceof WriteResult.Rejected rejected && notes.isNews(policy, rejected)) {
      LOG.warn(
          "the API server refuses the policy's status or finalizer: {} {}",
          rejected.code(),
          rejected.reason());
      events.policy(
          QosEvent.Type.WRITE_REFUSED,
          policy,
          "The API server refuses the policy's status or finalizer: " + rejected.reason());
    }
    return ended(failure.result(), failure.outcome());
  }
}
