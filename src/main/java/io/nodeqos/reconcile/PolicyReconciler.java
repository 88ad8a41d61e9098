// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import com.google.gson.JsonObject;
import io.nodeqos.election.Fence;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.telemetry.LogContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the status of the policies: whether they are valid, and how far their nodes are. */
public final class PolicyReconciler implements WorkerPool.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyReconciler.class);

  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final PolicyWriter writer;
  private final Fence fence;
  private final Timing timing;
  private final Map<String, Instant> written = new ConcurrentHashMap<>();

  /**
   * When it writes.
   *
   * @param interval least time between two writes of one policy's status
   */
  public record Timing(Duration interval, RetryDelays afterFailures, Clock clock) {}

  public PolicyReconciler(
      PolicyCatalog policies, FleetIndex fleet, PolicyWriter writer, Fence fence, Timing timing) {
    this.policies = policies;
    this.fleet = fleet;
    this.writer = writer;
    this.fence = fence;
    this.timing = timing;
  }

  @Override
  public Outcome handle(WorkItem item) {
    String name = item.key();
    try (LogContext ignored = LogContext.of(LogContext.Key.POLICY, name)) {
      Optional<PolicyCatalog.Entry> entry = policies.entry(name);
      if (entry.isEmpty()) {
        written.remove(name);
        return Outcome.done();
      }
      return reconcile(name, entry.get());
    }
  }

  private Outcome reconcile(String name, PolicyCatalog.Entry entry) {
    if (!fence.isOpen()) {
      return Outcome.done();
    }
    Instant now = timing.clock().instant();
    Optional<Instant> mayWriteAt =
        Optional.ofNullable(written.get(name)).map(at -> at.plus(timing.interval()));
    if (mayWriteAt.isPresent() && now.isBefore(mayWriteAt.get())) {
      return new Outcome.Again(Lane.CHANGE, Duration.between(now, mayWriteAt.get()));
    }
    JsonObject status = PolicyStatus.of(entry, fleet.counts(name), now);
    if (status.equals(entry.latest().status())) {
      return Outcome.done();
    }
    WriteResult result =
        writer.patchStatus(name, entry.latest().meta().resourceVersion(), status.toString());
    if (result instanceof WriteResult.Ok) {
      if (!entry.problems().isEmpty()) {
        LOG.warn("the policy is invalid: {}", String.join("; ", entry.problems()));
      }
      written.put(name, now);
      return Outcome.done();
    }
    if (result instanceof WriteResult.NotFound || result instanceof WriteResult.Fenced) {
      return Outcome.done();
    }
    LOG.debug("the status was not written: {}", result);
    return result instanceof WriteResult.Retry retry && !retry.retryAfter().isZero()
        ? Outcome.failedUntil(retry.retryAfter())
        : Outcome.failed(timing.afterFailures());
  }
}
