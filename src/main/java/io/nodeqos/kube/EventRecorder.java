// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.kubernetes.client.openapi.ApiClient;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.Subscription;
import io.nodeqos.telemetry.EventMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens as Kubernetes Events of {@code events.k8s.io/v1}, on a thread, a client and a
 * rate of its own: neither a reconcile nor a write to a Node ever waits for it. What it cannot
 * write soon it drops and counts.
 */
public final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

  private static final int MOST_WAITING = 1_000;

  /** As client-go's recorder has it. */
  private static final int MOST_REMEMBERED = 4_096;

  private static final Duration AFTER_A_DEFECT = Duration.ofSeconds(1);

  private final Subscription events;
  private final EventSender sender;
  private final WriteLimiter limiter;
  private final Timing timing;
  private volatile long flushUntilNanos;
  private volatile Optional<Thread> thread = Optional.empty();

  private EventRecorder(
      Subscription events, EventSender sender, WriteLimiter limiter, Timing timing) {
    this.events = events;
    this.sender = sender;
    this.limiter = limiter;
    this.timing = timing;
  }

  /**
   * Builds a recorder without starting it.
   *
   * @param client of {@link ApiClients#write}, so that each write asks the fence; no other writer
   *     shares it
   * @param podName which replica reports
   */
  public static EventRecorder create(
      EventsSettings settings,
      ApiClient client,
      String podName,
      Subscription events,
      EventMetrics metrics) {
    return create(
        settings,
        new EventClient(client, podName, Timing.system()),
        events,
        metrics,
        Timing.system());
  }

  static EventRecorder create(
      EventsSettings settings,
      EventApi api,
      Subscription events,
      EventMetrics metrics,
      Timing timing) {
    for (EventDrop reason : EventDrop.values()) {
      metrics.kubernetesDropped(reason.label(), 0);
    }
    WriteLimiter limiter = new WriteLimiter(rate(settings), timing.nanoTime());
    return new EventRecorder(
        events,
        new EventSender(
            api,
            limiter,
            new EventCorrelator(MOST_REMEMBERED, timing.nanoTime(), new EventIds(timing.clock())),
            new EventOutbox(MOST_WAITING),
            (reason, happenings) -> metrics.kubernetesDropped(reason.label(), happenings),
            timing.nanoTime()),
        limiter,
        timing);
  }

  /** Another rate from now on. */
  public void limits(EventsSettings settings) {
    limiter.limits(rate(settings));
  }

  private static KubeSettings.WriteRate rate(EventsSettings settings) {
    return new KubeSettings.WriteRate(settings.rate(), settings.burst());
  }

  /** Begins to write. Call at most once. */
  public void start() {
    Thread started = KubeThreads.daemons("kubernetes-events").newThread(this::run);
    started.setPriority(Thread.MIN_PRIORITY);
    thread = Optional.of(started);
    started.start();
  }

  /**
   * Takes in no more events and writes those that it has, as far as its rate allows at once: the
   * next leader waits. Call it while the fence still lets writes pass. Does nothing when it was not
   * started or has stopped.
   *
   * @param longest after which what is left is dropped and counted
   */
  public void stop(Duration longest) throws InterruptedException {
    flushUntilNanos = timing.nanos() + longest.toNanos();
    events.close();
    if (thread.isPresent()) {
      TimeUnit.NANOSECONDS.timedJoin(thread.get(), longest.toNanos());
      thread.get().interrupt();
    }
  }

  private void run() {
    try {
      while (!events.isDone()) {
        step();
      }
      flush();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    } finally {
      sender.dropAll(EventDrop.STOPPED);
    }
  }

  private void step() throws InterruptedException {
    try {
      Optional<QosEvent> event = events.poll(sender.work());
      while (event.isPresent()) {
        sender.take(event.get());
        event = events.poll(Duration.ZERO);
      }
    } catch (RuntimeException defect) {
      LOG.error("an Event could not be dealt with", defect);
      timing.sleeper().sleep(AFTER_A_DEFECT);
    }
  }

  private void flush() {
    sender.hurry();
    boolean written = true;
    while (written && flushUntilNanos - timing.nanos() > 0) {
      written = sender.work().isZero();
    }
  }
}
