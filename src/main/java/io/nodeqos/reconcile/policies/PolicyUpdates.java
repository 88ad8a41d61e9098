// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonObject;
import io.nodeqos.election.Fence;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.telemetry.tracing.WorkTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes statuses and finalizers of policies, limits the rate of these writes, and reports their
 * results. Thread-safe.
 */
public final class PolicyUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyUpdates.class);
  private static final int WARN_AFTER_REPEATS = 3;

  private final PolicyWriter writer;
  private final PolicyWrites writes;
  private final Fence fence;
  private final EventPublisher events;
  private final Supplier<Duration> interval;
  private final RetryDelays afterFailures;
  private final PolicyStatusEvents statusEvents;
  private final PolicyRefusals refusals = new PolicyRefusals();

  /**
   * @param writes remembers its writes
   * @param interval least time between two writes of one policy's status
   */
  public PolicyUpdates(
      PolicyWriter writer,
      PolicyWrites writes,
      Fence fence,
      EventPublisher events,
      Supplier<Duration> interval,
      RetryDelays afterFailures) {
    this.writer = writer;
    this.writes = writes;
    this.fence = fence;
    this.events = events;
    this.interval = interval;
    this.afterFailures = afterFailures;
    this.statusEvents = new PolicyStatusEvents(events);
  }

  /** True while this process may write. */
  boolean leads() {
    return fence.isOpen();
  }

  long epoch() {
    return fence.epoch();
  }

  /** The newest known version of the policy: the cache may not hold our last write yet. */
  PolicyObject orNewer(PolicyObject cached) {
    return writes.newest(cached);
  }

  /** Empty when the status was not written before. */
  Optional<Instant> mayWriteAt(PolicyObject cached) {
    return writes.last(cached).map(w -> w.at().plus(interval.get()));
  }

  /** The last status of this leader counts, even if another writer has changed it since. */
  Optional<JsonObject> lastWritten(PolicyObject cached) {
    return ofThisTerm(cached).map(w -> w.policy().status());
  }

  /** How long a status has to wait that another writer changes repeatedly. */
  Duration pause(PolicyObject cached, JsonObject status, Instant now) {
    return ofThisTerm(cached).map(w -> w.pause(status, interval.get(), now)).orElse(Duration.ZERO);
  }

  private Optional<PolicyWrites.Written> ofThisTerm(PolicyObject cached) {
    return writes.last(cached).filter(w -> w.epoch() == fence.epoch());
  }

  /** Drops the memory of the policy. */
  void forget(String policy) {
    writes.forget(policy);
    refusals.forget(policy);
  }

  Outcome writeFinalizers(PolicyObject policy, List<String> finalizers) {
    WriteResult result =
        writer.patchFinalizers(policy.name(), policy.meta().resourceVersion(), finalizers);
    if (!(result instanceof WriteResult.Ok ok)) {
      return failure(policy.meta(), result);
    }
    LOG.info("Finalizers written: {}", finalizers);
    writes.finalizersWritten(
        policy.withFinalizers(ok.resourceVersion(), finalizers), fence.epoch());
    return ended(
        SyncResult.WRITTEN,
        policy.meta().deleting() ? Outcome.done() : new Outcome.Again(Lane.CHANGE, Duration.ZERO));
  }

  /**
   * A status to write.
   *
   * @param status a merge patch
   * @param previous the last reported status
   */
  record Draft(
      JsonObject status, JsonObject previous, Optional<Brake.Episode> episode, Instant at) {}

  /**
   * @param later the outcome after a successful write
   */
  Outcome writeStatus(PolicyCatalog.Entry entry, Draft draft, Outcome later) {
    PolicyObject policy = entry.latest();
    WriteResult result =
        writer.patchStatus(
            policy.name(), policy.meta().resourceVersion(), draft.status().toString());
    if (!(result instanceof WriteResult.Ok ok)) {
      return failure(policy.meta(), result);
    }
    PolicyObject after =
        policy.withStatus(
            ok.resourceVersion(), new StatusPatch(draft.status()).appliedTo(policy.status()));
    int repairs = writes.statusWritten(after, draft.at(), fence.epoch());
    if (repairs == WARN_AFTER_REPEATS) {
      LOG.warn(
          "Drift keeps coming back in the policy's status: another writer reverts it; re-applying"
              + " with backoff, pausing for up to {}",
          GoDuration.format(PolicyWrites.MAX_PAUSE));
    }
    refusals.forget(policy.name());
    statusEvents.written(entry, draft.previous(), draft.status(), draft.episode());
    return ended(SyncResult.WRITTEN, later);
  }

  private Outcome failure(PolicyObject.Meta policy, WriteResult why) {
    if (why instanceof WriteResult.NotFound) {
      return ended(SyncResult.DELETED, Outcome.done());
    }
    WriteFailure failure = WriteFailure.of(why, afterFailures);
    if (failure.isFailure()) {
      WorkTrace.current().failed(why.why());
      LOG.debug("Policy not written: {}", why);
    }
    if (why instanceof WriteResult.Rejected rejected && refusals.isNews(policy, rejected)) {
      LOG.warn(
          "The API server refuses the policy's status or finalizer: {} {}",
          rejected.code(),
          rejected.reason());
      events.policy(
          QosEvent.Type.WRITE_REFUSED,
          policy,
          "The API server refuses the policy's status or finalizer: " + rejected.reason());
    }
    return ended(failure.result(), failure.outcome());
  }

  /** The outcome, with its result in the trace. */
  static Outcome ended(SyncResult result, Outcome outcome) {
    WorkTrace.current().result(result.code());
    return outcome;
  }
}
