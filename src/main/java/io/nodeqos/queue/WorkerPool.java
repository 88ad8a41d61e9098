// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Deadline;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Daemon threads that empty a queue. A worker never sleeps: work that has to wait goes back into
 * the queue with a delay. A handler that throws costs that key a backoff, never a thread.
 *
 * <p>{@link #start} and {@link #stop} are for one owner, once each. Everything else may be called
 * by any thread.
 */
public final class WorkerPool {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

  private final String name;
  private final int workers;
  private final Handler handler;
  private final KeyedQueue queue;
  private final WorkQueueMetrics metrics;
  private final TimeSource time;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicLong lastTryNanos = new AtomicLong();
  private volatile boolean started;
  private volatile boolean stopping;

  /** The work on a key. Called by several threads, never by two with the same key. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Works on one key.
     *
     * @throws Exception for an unexpected error; it is counted, logged and retried
     */
    Outcome handle(WorkItem item) throws Exception;
  }

  /**
   * A pool that has not started.
   *
   * @param name start of the names of its threads
   * @param workers how many threads
   */
  public WorkerPool(
      String name,
      int workers,
      KeyedQueue queue,
      Handler handler,
      WorkQueueMetrics metrics,
      TimeSource time) {
    this.name = name;
    this.workers = workers;
    this.queue = queue;
    this.handler = handler;
    this.metrics = metrics;
    this.time = time;
  }

  /** Starts the threads. */
  public void start() {
    lastTryNanos.set(time.nanos());
    for (int i = 0; i < workers; i++) {
      Thread thread = DaemonThreads.named(name + "-" + i, this::work);
      threads.add(thread);
      thread.start();
    }
    started = true;
  }

  /**
   * Ends the pool and its queue for good: hands out no more keys, waits for work in flight, then
   * interrupts the remaining work and waits one more second for it.
   *
   * @return whether every worker ended
   */
  public boolean stop(Duration grace) throws InterruptedException {
    queue.pause();
    queue.shutDown();
    boolean drained = queue.drain(grace);
    stopping = true;
    if (!drained) {
      LOG.warn("Work still in flight after {}; interrupting", grace);
      threads.forEach(Thread::interrupt);
      queue.drain(Duration.ofSeconds(1));
    }
    return awaitThreads(Duration.ofSeconds(1));
  }

  /** How many threads there are. */
  public int threads() {
    return workers;
  }

  /** How many threads are at work on a key. */
  public int busy() {
    return busy.get();
  }

  /**
   * For how long work has been waiting while no worker started or ended any work: zero when no work
   * waits, when the queue is paused, or while workers make progress. A liveness check fails when
   * this grows beyond what the slowest handler may take.
   */
  public Duration stalledFor() {
    QueueStats stats = queue.stats();
    if (!started || stats.paused() || stats.oldestWaiting().isEmpty()) {
      return Duration.ZERO;
    }
    Duration waiting = stats.oldestWaiting().get().age();
    Duration sinceTry = sinceLastTry();
    return waiting.compareTo(sinceTry) < 0 ? waiting : sinceTry;
  }

  /** How long ago a worker last started or ended work, or the pool started. */
  public Duration sinceLastTry() {
    return time.since(lastTryNanos.get());
  }

  private void work() {
    while (!stopping) {
      try {
        var item = queue.take();
        if (item.isEmpty()) {
          return;
        }
        work(item.get());
      } catch (InterruptedException e) {
        // Ends the thread only when the pool stops: no other code interrupts it.
        LOG.debug("Interrupted while waiting for work", e);
      }
    }
  }

  private void work(WorkItem item) {
    busy.incrementAndGet();
    lastTryNanos.set(time.nanos());
    try {
      apply(item.key(), Objects.requireNonNull(handler.handle(item), "handler's outcome"));
    } catch (Throwable e) {
      // Errors too: a StackOverflowError of one node must not cost a thread. The JVM is run with
      // ExitOnOutOfMemoryError, so that one does not come here.
      metrics.handlerThrew();
      if (stopping) {
        LOG.info("Work on {} interrupted by the shutdown: {}", item.key(), e.toString());
      } else {
        LOG.error("Work on {} failed with an exception; retrying later", item.key(), e);
      }
      queue.addRateLimited(item.key());
    } finally {
      lastTryNanos.set(time.nanos());
      busy.decrementAndGet();
      queue.done(item.key());
    }
  }

  private void apply(String key, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      queue.retry(key, failed.delays(), failed.span());
      return;
    }
    if (outcome instanceof Outcome.Postponed postponed) {
      queue.postpone(key, postponed.after());
      return;
    }
    queue.forget(key);
    if (outcome instanceof Outcome.Again again) {
      queue.addAfter(key, again.lane(), Trigger.after(again.span()), again.after());
    }
  }

  private boolean awaitThreads(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.after(timeout);
    boolean ended = true;
    for (Thread thread : threads) {
      thread.join(Math.max(1, deadline.leftMillis()));
      ended &= !thread.isAlive();
    }
    return ended;
  }
}
