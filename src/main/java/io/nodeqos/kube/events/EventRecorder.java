// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import io.nodeqos.events.Subscription;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.telemetry.metrics.EventMetrics;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events of the bus as Kubernetes Events of {@code events.k8s.io/v1}, with threads, a client
 * and a rate of its own: neither a reconcile nor a write to a Node ever waits for it. It drops and
 * counts the Events that it cannot write soon.
 */
public final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

  private static final int MAX_WAITING = 1_000;

  /** As in client-go's recorder. */
  private static final int MAX_REMEMBERED = 4_096;

  private static final Duration DEFECT_PAUSE = Duration.ofSeconds(1);

  private static final Duration IDLE = Duration.ofMinutes(1);

  /** A slow server must not make the rate slower than the settings allow. */
  private static final int WRITERS = 4;

  /** How long a write may take to notice that it was interrupted. */
  private static final Duration INTERRUPTED = Duration.ofSeconds(1);

  private final Subscription events;
  private final EventSender sender;
  private final WriteLimiter limiter;
  private final Pauses pauses;
  private volatile List<Thread> threads = List.of();

  private EventRecorder(
      Subscription events, EventSender sender, WriteLimiter limiter, Pauses pauses) {
    this.events = events;
    this.sender = sender;
    this.limiter = limiter;
    this.pauses = pauses;
  }

  /**
   * Builds a recorder without starting it.
   *
   * @param client of {@link ApiClients#write}, so that each write asks the fence; no other writer
   *     shares it
   * @param podName which replica reports
   * @param nodesWait whether nodes wait for their writes, which come first
   */
  public static EventRecorder create(
      EventsSettings settings,
      ApiEndpoint client,
      String podName,
      Subscription events,
      BooleanSupplier nodesWait,
      EventMetrics metrics) {
    return create(
        settings,
        new EventClient(client, podName, TimeSource.system()),
        events,
        nodesWait,
        metrics,
        Pauses.system());
  }

  static EventRecorder create(
      EventsSettings settings,
      EventApi api,
      Subscription events,
      BooleanSupplier nodesWait,
      EventMetrics metrics,
      Pauses pauses) {
    WriteLimiter limiter = new WriteLimiter(rate(settings), pauses.time());
    return new EventRecorder(
        events,
        new EventSender(
            api,
            new EventPace(limiter, nodesWait, pauses.time()),
            new EventCorrelator(MAX_REMEMBERED, pauses.time(), new EventIds(pauses.time())),
            new EventOutbox(MAX_WAITING),
            counter(metrics),
            pauses.time()),
        limiter,
        pauses);
  }

  private static EventDrop.Counter counter(EventMetrics metrics) {
    for (EventDrop reason : EventDrop.values()) {
      metrics.kubernetesDropped(reason.label(), 0);
    }
    return new EventDrop.Counter() {
      @Override
      public void dropped(EventDrop reason, int happenings) {
        metrics.kubernetesDropped(reason.label(), happenings);
      }

      @Override
      public void writeFailed(EventReply.Outcome outcome) {
        metrics.kubernetesWriteFailed(outcome.name().toLowerCase(Locale.ROOT));
      }
    };
  }

  /** Another rate from now on. */
  public void limits(EventsSettings settings) {
    limiter.limits(rate(settings));
  }

  private static KubeSettings.WriteRate rate(EventsSettings settings) {
    return new KubeSettings.WriteRate(settings.rate(), settings.burst());
  }

  /** Starts to write. Call at most once. */
  public void start() {
    ThreadFactory daemons = DaemonThreads.numbered("kubernetes-events");
    List<Thread> all = new ArrayList<>(List.of(daemons.newThread(this::takeIn)));
    for (int i = 0; i < WRITERS; i++) {
      all.add(daemons.newThread(this::write));
    }
    threads = List.copyOf(all);
    threads.forEach(Thread::start);
  }

  /**
   * Accepts no more events and writes those that it has, as far as its rate allows at once: the
   * next leader waits. Call it while the fence still lets writes pass. Does nothing when it was not
   * started or has stopped.
   *
   * @param longest after which the remaining Events are dropped and counted
   */
  public void stop(Duration longest) throws InterruptedException {
    long end = pauses.time().nanos() + longest.toNanos();
    events.close();
    if (threads.isEmpty()) {
      return;
    }
    join(threads.subList(0, 1), end);
    sender.flush();
    join(threads, end);
    sender.stop();
    threads.forEach(Thread::interrupt);
    join(threads, pauses.time().nanos() + INTERRUPTED.toNanos());
    threads = List.of();
  }

  private void join(List<Thread> some, long end) throws InterruptedException {
    for (Thread thread : some) {
      TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - pauses.time().nanos()));
    }
  }

  private void takeIn() {
    untilInterrupted(
        () -> {
          events.poll(IDLE).ifPresent(sender::take);
          return !events.isDone();
        });
  }

  private void write() {
    untilInterrupted(
        () -> {
          long seen = sender.news();
          Duration idle = sender.work();
          return idle.isZero() || sender.awaitNews(seen, idle);
        });
  }

  /** A part of a thread's work. */
  private interface Step {
    /** Returns whether there is more. */
    boolean more() throws InterruptedException;
  }

  private void untilInterrupted(Step step) {
    try {
      boolean more = true;
      while (more && !Thread.currentThread().isInterrupted()) {
        try {
          more = step.more();
        } catch (RuntimeException defect) {
          LOG.error("Event dropped after an unexpected error", defect);
          pauses.sleep(DEFECT_PAUSE);
        }
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }
}
