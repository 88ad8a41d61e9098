// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import io.nodeqos.telemetry.tracing.SpanRef;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of every key of a queue: ready, delayed, in flight, failing. Not thread-safe and never
 * blocking; {@link KeyedQueue} adds the lock and the waiting. Each method gets the time as an
 * argument.
 */
final class QueueState {
  private final Lanes lanes = new Lanes();
  private final DelayHeap delayed = new DelayHeap();
  private final InFlight inFlight = new InFlight();
  private final Failures failures = new Failures();
  private final WorkQueueMetrics metrics;

  QueueState(WorkQueueMetrics metrics) {
    this.metrics = metrics;
  }

  /** Makes a key ready; true if a worker can take it now. */
  boolean offer(Pending request) {
    InFlight.Work held = inFlight.find(request.key());
    boolean isNew = held == null ? lanes.offer(request) : held.offer(request);
    if (isNew) {
      metrics.added();
    }
    return held == null;
  }

  /** Delays a key; true if it is now the first key that is due. */
  boolean delay(Pending request, Duration delay) {
    return delayed.add(request, delay, request.sinceNanos());
  }

  /** Counts a failure of a key and returns how many there are in a row. */
  int fail(String key, long now) {
    metrics.retried();
    return failures.count(key, now);
  }

  /** A request to try the key again, in the lane and for the cause that its worker holds it for. */
  Pending requestAgain(String key, SpanRef attempt, long now) {
    InFlight.Work held = inFlight.find(key);
    return held == null
        ? new Pending(key, Lane.CHANGE, Trigger.after(attempt), now)
        : new Pending(key, held.request().lane(), held.request().trigger().seenBy(attempt), now);
  }

  void forget(String key) {
    failures.forget(key);
  }

  int failuresOf(String key) {
    return failures.of(key);
  }

  void discard(String key) {
    lanes.remove(key);
    delayed.remove(key);
    failures.forget(key);
    InFlight.Work held = inFlight.find(key);
    if (held != null) {
      held.forgetRequests();
    }
  }

  /** Takes the next ready key into flight. */
  Optional<WorkItem> handOut(long now) {
    releaseDue(now);
    Pending next = lanes.poll();
    if (next == null) {
      return Optional.empty();
    }
    long waited = Math.max(0, now - next.sinceNanos());
    inFlight.start(next, now);
    metrics.handedOut(waited);
    int failed = failures.of(next.key());
    int attempt = failed == Integer.MAX_VALUE ? failed : failed + 1;
    return Optional.of(
        new WorkItem(next.key(), next.lane(), next.trigger(), Duration.ofNanos(waited), attempt));
  }

  /** Ends the work on a key; true if it is ready again because it was requested meanwhile. */
  boolean done(String key, long now) {
    InFlight.Work ended = inFlight.end(key);
    if (ended == null) {
      return false;
    }
    metrics.finished(now - ended.startNanos());
    return ended.again() != null && lanes.offer(ended.again());
  }

  boolean nothingInFlight() {
    return inFlight.isEmpty();
  }

  boolean nothingToCome() {
    return lanes.isEmpty() && delayed.size() == 0;
  }

  OptionalLong nanosUntilDue(long now) {
    return delayed.nanosUntilNext(now);
  }

  void dropDelayed() {
    delayed.clear();
  }

  int ready(long now) {
    releaseDue(now);
    return lanes.size();
  }

  double unfinishedSeconds(long now) {
    return inFlight.unfinishedNanos(now) / 1e9;
  }

  double longestRunningSeconds(long now) {
    return inFlight.longestNanos(now) / 1e9;
  }

  double oldestFailingSeconds(long now) {
    return failures.oldest(now).map(key -> key.age().toNanos() / 1e9).orElse(0.0);
  }

  KeyState state(String key, long now) {
    releaseDue(now);
    OptionalLong due = delayed.nanosUntil(key, now);
    return new KeyState(
        Optional.ofNullable(lanes.find(key)).map(Pending::lane),
        Optional.ofNullable(inFlight.find(key)).map(w -> Duration.ofNanos(now - w.startNanos())),
        due.isPresent() ? Optional.of(Duration.ofNanos(due.getAsLong())) : Optional.empty(),
        failures.of(key));
  }

  QueueStats stats(long now, boolean paused) {
    releaseDue(now);
    Map<Lane, Integer> depth = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      depth.put(lane, lanes.size(lane));
    }
    return new QueueStats(
        depth,
        delayed.size(),
        inFlight.size(),
        paused,
        lanes.oldest(now).map(one -> new QueueStats.KeyAge(one.key(), age(one, now))),
        failures.oldest(now),
        Duration.ofNanos(inFlight.unfinishedNanos(now)),
        Duration.ofNanos(inFlight.longestNanos(now)));
  }

  private void releaseDue(long now) {
    for (Pending due = delayed.pollDue(now); due != null; due = delayed.pollDue(now)) {
      offer(due);
    }
  }

  private static Duration age(Pending pending, long now) {
    return Duration.ofNanos(Math.max(0, now - pending.sinceNanos()));
  }
}
