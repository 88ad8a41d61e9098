// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import io.nodeqos.events.QosEvent;
import io.nodeqos.kube.events.EventCorrelator.Found;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns events of the bus into few writes of Events: one for a new Event, and for a repeated one at
 * most one each {@link #REFRESH}. A creation that the server could not take at the time is tried
 * {@link #MAX_TRIES} times; one that fails for good is dropped and counted. A count that could not
 * be written comes with the next write. Thread-safe: several threads may write at once, at one
 * rate.
 */
final class EventSender {
  private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

  /** How often the count of one Event is written at most. */
  static final Duration REFRESH = Duration.ofMinutes(1);

  /** The number of tries for an Event that the server cannot take. */
  static final int MAX_TRIES = 5;

  /** The pause after a server did not answer. */
  private static final Duration UNAVAILABLE_PAUSE = Duration.ofSeconds(5);

  /** The pause before a write is tried again after a 403. */
  private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(1);

  private static final Duration IDLE_WAIT = Duration.ofMinutes(1);

  private final EventApi api;
  private final EventPace pace;
  private final EventCorrelator correlator;
  private final EventOutbox outbox;
  private final EventDrop.Counter drops;
  private final TimeSource time;

  private final GrownSeries grown = new GrownSeries();

  private long nextTurnNanos;

  /** Rises with all that may make a write due. */
  private long news;

  private boolean flushing;
  private boolean stopped;

  /** The outcome of the last refusal that was logged: each is logged once. */
  private Optional<EventReply.Outcome> reported = Optional.empty();

  EventSender(
      EventApi api,
      EventPace pace,
      EventCorrelator correlator,
      EventOutbox outbox,
      EventDrop.Counter drops,
      TimeSource time) {
    this.api = api;
    this.pace = pace;
    this.correlator = correlator;
    this.outbox = outbox;
    this.drops = drops;
    this.time = time;
    this.nextTurnNanos = time.nanos();
  }

  /** Accepts an event. Writes nothing. */
  synchronized void take(QosEvent event) {
    Optional<EventDraft> draft = EventDraft.of(event);
    if (draft.isPresent()) {
      take(draft.get());
      wakeWriter();
    }
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
   * @return how long to wait unless a new event comes; zero to go on at once
   */
  Duration work() {
    EventSeries series;
    boolean creation;
    EventWrite write;
    synchronized (this) {
      Duration wait = untilNextWrite();
      if (!wait.isZero()) {
        return wait;
      }
      series = outbox.next().or(grown::first).orElseThrow();
      creation = !series.isCreated();
      write = series.write();
      grown.remove(series);
      series.patchNotBefore(time.nanos() + REFRESH.toNanos());
    }
    EventReply reply = creation ? api.create(write) : api.patchSeries(write);
    synchronized (this) {
      if (creation) {
        created(series, reply);
      } else {
        patched(series, write.count(), reply);
      }
    }
    return Duration.ZERO;
  }

  /** A number that rises whenever a write may have become due. */
  synchronized long news() {
    return news;
  }

  /**
   * Waits for news, or for so long.
   *
   * @param seen the news before the work that found nothing to do
   * @return false when no work remains: the rest is not due before the end
   */
  synchronized boolean awaitNews(long seen, Duration longest) throws InterruptedException {
    if (news == seen && !flushing) {
      // Not 0, which would wait for ever.
      wait(longest.toMillis() + 1);
    }
    return news != seen || !flushing;
  }

  /**
   * One is enough: after its write it looks for the next one itself. While the rate allows no
   * write, a writer waits for the next turn already.
   */
  private void wakeWriter() {
    if (nextTurnNanos - time.nanos() <= 0) {
      news++;
      notify();
    }
  }

  private void wakeWriters() {
    news++;
    notifyAll();
  }

  /** Zero takes a turn of the rate. */
  private Duration untilNextWrite() {
    long now = time.nanos();
    if (outbox.isEmpty()) {
      long untilPatch =
          grown
              .first()
              .map(series -> series.patchNotBeforeNanos() - now)
              .orElse(IDLE_WAIT.toNanos());
      if (untilPatch > 0) {
        return Duration.ofNanos(untilPatch);
      }
    }
    // Asked no earlier than it said the last time: each question moves the turn.
    if (nextTurnNanos - now > 0) {
      return Duration.ofNanos(nextTurnNanos - now);
    }
    Duration wait = pace.tryAcquire(flushing);
    nextTurnNanos = now + wait.toNanos();
    return wait;
  }

  private void created(EventSeries series, EventReply reply) {
    if (reply.outcome() == EventReply.Outcome.WRITTEN) {
      reported = Optional.empty();
      series.created();
      series.patchNotBefore(time.nanos());
      if (series.unwritten() > 0) {
        grown.add(series);
      }
      return;
    }
    if (isWorthAnotherTry(reply) && series.creationFailed() < MAX_TRIES && !stopped) {
      outbox.putBack(series);
    } else {
      drop(series, EventDrop.of(reply.outcome()), series.count());
    }
    failed(reply);
  }

  private static boolean isWorthAnotherTry(EventReply reply) {
    return reply.outcome() == EventReply.Outcome.THROTTLED
        || reply.outcome() == EventReply.Outcome.UNAVAILABLE;
  }

  private void patched(EventSeries series, int count, EventReply reply) {
    switch (reply.outcome()) {
      case WRITTEN -> {
        reported = Optional.empty();
        series.counted(count);
        // The event may have been repeated while it was written.
        grown.remove(series);
        if (series.unwritten() > 0) {
          grown.add(series);
        }
      }
      case THROTTLED, UNAVAILABLE -> {
        if (stopped) {
          drop(series, EventDrop.STOPPED, series.unwritten());
        } else {
          grown.add(series);
        }
        failed(reply);
      }
      case FORBIDDEN, REJECTED, NOT_LEADING -> {
        grown.remove(series);
        drop(series, EventDrop.of(reply.outcome()), series.unwritten());
        failed(reply);
      }
    }
  }

  /** A dropped Event is also forgotten: its next occurrence is new. */
  private void drop(EventSeries series, EventDrop why, int happenings) {
    correlator.forget(series);
    drops.dropped(why, happenings);
  }

  private void failed(EventReply reply) {
    drops.writeFailed(reply.outcome());
    switch (reply.outcome()) {
      case THROTTLED -> pace.overloaded(reply.retryAfter());
      case UNAVAILABLE ->
          pace.overloaded(
              reply.retryAfter().compareTo(UNAVAILABLE_PAUSE) > 0
                  ? reply.retryAfter()
                  : UNAVAILABLE_PAUSE);
      case FORBIDDEN -> {
        pace.overloaded(FORBIDDEN_PAUSE);
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
              "Events are not written, permission to create and patch events.events.k8s.io in namespace {}"
                  + " is missing (Role node-qos-controller-events): {}",
              EventClient.NAMESPACE,
              reply.message());
      case REJECTED -> LOG.warn("Event rejected by the API server: {}", reply.message());
      default -> LOG.debug("Event not written: {}", reply.message());
    }
  }

  /** Makes every grown count due: no more events are accepted, the process ends. */
  synchronized void flush() {
    flushing = true;
    grown.patchNotBefore(time.nanos());
    wakeWriters();
  }

  /** Drops and counts all remaining Events; a write in flight is not tried again. */
  synchronized void stop() {
    stopped = true;
    dropAll(EventDrop.STOPPED);
    wakeWriters();
  }

  private void dropAll(EventDrop why) {
    outbox.clear().forEach(series -> drop(series, why, series.count()));
    grown.clear().forEach(series -> drop(series, why, series.unwritten()));
  }
}
