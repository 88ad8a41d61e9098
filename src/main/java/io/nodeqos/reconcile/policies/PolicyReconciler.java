// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.reconcile.policies.PolicyUpdates.ended;

import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.brake.BrakeStatus;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.telemetry.logging.LogContext;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the status of the policies (their validity and the progress of their nodes), and the
 * finalizer of policies that clean their nodes on deletion.
 */
public final class PolicyReconciler implements WorkerPool.Handler {
  /** Pause before the next look at a policy of which not all nodes are decided. */
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  /** Pause while the proof is running that the cache of nodes is not behind. */
  private static final Duration PROOF_RETRY = Duration.ofMillis(200);

  /** The time to decide the nodes of a small cluster; at most this often. */
  private static final Duration UNSEEN_RETRY = Duration.ofMillis(250);

  private final PolicyCatalog policies;
  private final PolicyFacts facts;
  private final Brake brake;
  private final PolicyFinalizer finalizer;
  private final PolicyUpdates updates;
  private final TimeSource time;
  private final PolicyLooks looks = new PolicyLooks();

  public PolicyReconciler(
      PolicyCatalog policies,
      PolicyFacts facts,
      Brake brake,
      PolicyFinalizer finalizer,
      PolicyUpdates updates,
      TimeSource time) {
    this.policies = policies;
    this.facts = facts;
    this.brake = brake;
    this.finalizer = finalizer;
    this.updates = updates;
    this.time = time;
  }

  /** Since when a policy has been suspended, by its status; empty when it is not. */
  public static Optional<Instant> suspendedSince(PolicyObject policy) {
    Conditions previous = Conditions.in(policy.status());
    return previous.isTrue(PolicyConditions.SUSPENDED)
        ? Optional.of(previous.since(PolicyConditions.SUSPENDED, "True", Instant.EPOCH))
            .filter(since -> since.isAfter(Instant.EPOCH))
        : Optional.empty();
  }

  @Override
  public Outcome handle(WorkItem item) {
    String name = item.key();
    try (LogContext ignored =
        LogContext.of(LogContext.Key.POLICY, name)
            .and(LogContext.Key.EPOCH, updates.leads() ? updates.epoch() : "")) {
      // Read before the entry: a new leader's caches have caught up when the fence opens, not
      // before.
      boolean leads = updates.leads();
      Instant now = time.steadyTime();
      brake.review(name, now);
      Optional<PolicyCatalog.Entry> entry = policies.entry(name);
      if (entry.isEmpty()) {
        updates.forget(name);
        looks.forget(name);
        facts.forget(name);
        return ended(SyncResult.DELETED, Outcome.done());
      }
      return leads
          ? reconcile(name, entry.get(), now)
          : ended(SyncResult.NOT_LEADING, later(name, now));
    }
  }

  private Outcome reconcile(String name, PolicyCatalog.Entry cached, Instant now) {
    WorkTrace.current().leads(updates.epoch());
    PolicyCatalog.Entry entry = cached.withLatest(updates.orNewer(cached.latest()));
    if (entry.latest().meta().deleting() && entry.latest().meta().finalizers().isEmpty()) {
      return ended(SyncResult.DELETED, Outcome.done());
    }
    PolicyCleanup cleaning = finalizer.cleaning(entry);
    Optional<List<String>> finalizers = finalizer.change(entry, cleaning);
    if (finalizers.isPresent()) {
      return updates.writeFinalizers(entry.latest(), finalizers.get());
    }
    if (cleaning.isAboutToEnd()) {
      return ended(SyncResult.TOO_EARLY, new Outcome.Again(Lane.CHANGE, PROOF_RETRY));
    }
    boolean isWaitedFor = entry.latest().meta().deleting() && cleaning.isWaitedFor();
    Optional<Instant> mayWriteAt = updates.mayWriteAt(cached.latest());
    if (mayWriteAt.isPresent() && now.isBefore(mayWriteAt.get())) {
      return ended(
          SyncResult.TOO_EARLY,
          new Outcome.Again(
              Lane.CHANGE, isWaitedFor ? CHECK_INTERVAL : Duration.between(now, mayWriteAt.get())));
    }
    JsonObject present = entry.latest().status();
    if (BrakeStatus.since(present).isPresent() && !brake.knowsAllNodes()) {
      // A leader that has not decided the nodes yet must not lift the brake of another leader.
      return ended(SyncResult.TOO_EARLY, new Outcome.Again(Lane.CHANGE, CHECK_INTERVAL));
    }
    PolicyCounts counts = facts.counts(entry);
    if (looks.mustLookAgain(entry.latest().meta(), counts)) {
      return ended(SyncResult.TOO_EARLY, new Outcome.Again(Lane.CHANGE, UNSEEN_RETRY));
    }
    PolicyStatus.Facts all = facts.of(entry, counts, cleaning);
    JsonObject previous = updates.lastWritten(cached.latest()).orElse(present);
    JsonObject status = PolicyStatus.of(entry, all, previous, time.wallTime());
    BrakeStatus.clear(status, present);
    DryRunStatus.clear(status, present);
    RolloutStatus.add(status, entry, present, previous, policies.rollout(name));
    // A node without state causes no event, so no event reports that all nodes were decided.
    boolean isLookedFor = isWaitedFor || counts.nodes().unseen() > 0;
    Outcome later =
        isLookedFor
            ? new Outcome.Again(Lane.CHANGE, CHECK_INTERVAL)
            : all.dryRun()
                .filter(run -> !run.again().isZero())
                .<Outcome>map(run -> new Outcome.Again(Lane.CHANGE, run.again()))
                .orElseGet(() -> later(name, now));
    if (new StatusPatch(status).isIn(present)) {
      return ended(SyncResult.UNCHANGED, later);
    }
    Duration pause = updates.pause(cached.latest(), status, now);
    if (!pause.isZero()) {
      return ended(SyncResult.DAMPED, new Outcome.Again(Lane.CHANGE, pause));
    }
    return updates.writeStatus(
        entry, new PolicyUpdates.Draft(status, previous, all.brake(), time.steadyTime()), later);
  }

  /** An episode of the brake may end by time alone. */
  private Outcome later(String name, Instant now) {
    return brake
        .mayEndAt(name)
        .map(at -> Outcome.again(Duration.between(now, at.isAfter(now) ? at : now)))
        .orElseGet(Outcome::done);
  }
}
