// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.events.QosEvent;
import io.nodeqos.kube.EventCorrelator.Found;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what happens into few writes of Events: one for what is new, and for what is repeated one
 * at most each {@link #REFRESH}. A creation that fails is dropped and counted, never tried again. A
 * count that could not be written comes with the next. For one thread, which may wait in writes.
 */
final class EventSender {
  private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

  /** How often the count of one Event is written at most. */
  static final Duration REFRESH = Duration.ofMinutes(1);

  /** A server that does not answer is left alone for so long. */
  private static final Duration UNAVAILABLE_PAUSE = Duration.ofSeconds(5);

  /** So often a right that was missing is tried. */
  private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(1);

  private static final Duration NOTHING_TO_DO = Duration.ofMinutes(1);

  private final EventApi api;
  private final WriteLimiter limiter;
  private final EventCorrelator correlator;
  private final EventOutbox outbox;
  private final EventDrop.Counter drops;
  private final LongSupplier nanoTime;

  /** Exist on the server, with a count that has grown since. */
  private final Set<EventSeries> grown = new LinkedHashSet<>();

  private long nextTurnNanos;

  /** The outcome of the last refusal that was logged: each is worth a line once. */
  private Optional<EventReply.Outcome> reported = Optional.empty();

  EventSender(
      EventApi api,
      WriteLimiter limiter,
      EventCorrelator correlator,
      EventOutbox outbox,
      EventDrop.Counter drops,
      LongSupplier nanoTime) {
    this.api = api;
    this.limiter = limiter;
    this.correlator = correlator;
    this.outbox = outbox;
    this.drops = drops;
    this.nanoTime = nanoTime;
    this.nextTurnNanos = nanoTime.getAsLong();
  }

  /** Takes in what has happened. Writes nothing. */
  void take(QosEvent event) {
    EventDraft.of(event).ifPresent(this::take);
  }

  private void take(EventDraft draft) {
    Found found = correlator.observe(draft);
    if (found.series().isEmpty()) {
      drops.dropped(EventDrop.OBJECT_RATE, 1);
      return;
    }
    EventSeries series = found.series().get();
    if (found.isNew()) {
      outbox.add(series).ifPresent(out -> drop(out, EventDrop.QUEUE_FULL, out.count()));
    } else if (series.isCreated()) {
      grown.add(series);
    }
  }

  /**
   * Makes one write at most.
   *
   * @return for how long nothing is to be done if nothing happens meanwhile; zero to go on at once
   */
  Duration work() {
    long now = nanoTime.getAsLong();
    Optional<EventSeries> patchable =
        grown.stream().min(Comparator.comparingLong(series -> series.patchNotBeforeNanos() - now));
    if (outbox.isEmpty()) {
      long untilPatch =
          patchable
              .map(series -> series.patchNotBeforeNanos() - now)
              .orElse(NOTHING_TO_DO.toNanos());
      if (untilPatch > 0) {
        return Duration.ofNanos(untilPatch);
      }
    }
    Duration turn = turn(now);
    if (turn.isZero()) {
      outbox.next().or(() -> patchable).ifPresent(this::write);
    }
    return turn;
  }

  /** Asked no earlier than it said the last time: each question moves the turn. */
  private Duration turn(long now) {
    if (nextTurnNanos - now > 0) {
      return Duration.ofNanos(nextTurnNanos - now);
    }
    Duration wait = limiter.tryAcquire();
    nextTurnNanos = now + wait.toNanos();
    return wait;
  }

  private void write(EventSeries series) {
    if (series.isCreated()) {
      grown.remove(series);
      patched(series, api.patchSeries(series));
    } else {
      created(series, api.create(series));
    }
  }

  private void created(EventSeries series, EventReply reply) {
    if (reply.outcome() == EventReply.Outcome.WRITTEN) {
      reported = Optional.empty();
      series.created();
      if (series.unwritten() > 0) {
        grown.add(series);
      }
    } else {
      drop(series, EventDrop.of(reply.outcome()), series.count());
      failed(reply);
    }
  }

  private void patched(EventSeries series, EventReply reply) {
    series.patchNotBefore(nanoTime.getAsLong() + REFRESH.toNanos());
    switch (reply.outcome()) {
      case WRITTEN -> {
        reported = Optional.empty();
        series.counted();
      }
      case THROTTLED, UNAVAILABLE -> {
        grown.add(series);
        failed(reply);
      }
      case FORBIDDEN, REJECTED, NOT_LEADING -> {
        drop(series, EventDrop.of(reply.outcome()), series.unwritten());
        failed(reply);
      }
    }
  }

  /** What was dropped is not remembered either: when it happens again it is new. */
  private void drop(EventSeries series, EventDrop why, int happenings) {
    correlator.forget(series);
    drops.dropped(why, happenings);
  }

  private void failed(EventReply reply) {
    switch (reply.outcome()) {
      case THROTTLED -> limiter.overloaded(reply.retryAfter());
      case UNAVAILABLE ->
          limiter.overloaded(
              reply.retryAfter().compareTo(UNAVAILABLE_PAUSE) > 0
                  ? reply.retryAfter()
                  : UNAVAILABLE_PAUSE);
      case FORBIDDEN -> {
        limiter.overloaded(FORBIDDEN_PAUSE);
        dropAll(EventDrop.FORBIDDEN);
      }
      case NOT_LEADING -> dropAll(EventDrop.NOT_LEADING);
      case REJECTED, WRITTEN -> {
        // Of this one only.
      }
    }
    report(reply);
  }

  private void report(EventReply reply) {
    if (reported.equals(Optional.of(reply.outcome()))) {
      return;
    }
    reported = Optional.of(reply.outcome());
    switch (reply.outcome()) {
      case FORBIDDEN ->
          LOG.warn(
              "no Events are written: this controller lacks the right to create and patch"
                  + " events.events.k8s.io in namespace {} (Role node-qos-controller-events): {}",
              EventClient.NAMESPACE,
              reply.message());
      case REJECTED -> LOG.warn("the API server does not accept an Event: {}", reply.message());
      default -> LOG.debug("an Event was not written: {}", reply.message());
    }
  }

  /** Makes every count that has grown due, before the process ends. */
  void hurry() {
    grown.forEach(series -> series.patchNotBefore(nanoTime.getAsLong()));
  }

  /** Drops whatever is left. */
  void dropAll(EventDrop why) {
    outbox.clear().forEach(series -> drop(series, why, series.count()));
    List.copyOf(grown).forEach(series -> drop(series, why, series.unwritten()));
    grown.clear();
  }
}
