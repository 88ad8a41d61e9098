// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import io.kubernetes.client.extended.workqueue.RateLimitingQueue;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import io.nodeqos.telemetry.tracing.SpanRef;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A deduplicating queue with three lanes, delays and backoff, in the terms of client-go: a key
 * waits at most once, is never in the hands of two workers at once, and one that is added while a
 * worker holds it is handed out again after {@link #done}. It has no limit and loses nothing. The
 * most urgent lane goes first, but CHANGE gets at least one hand-out in ten and RESYNC one in
 * thirty-three. One lock guards everything; every method may be called by any thread.
 *
 * <p>A delay stands beside the ready keys: adding a key at once does not cancel its delay. An end
 * has two steps, both final: after {@link #pause} or {@link #drain} no key is handed out, after
 * {@link #shutDown} none is accepted.
 */
public final class KeyedQueue implements RateLimitingQueue<String> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Takers takers = new Takers(lock.newCondition());
  private final Condition idle = lock.newCondition();
  private final QueueState state;
  private final RetryDelays backoff;
  private final TimeSource time;

  private boolean paused;
  private boolean shutDown;

  /**
   * An empty queue that is not paused.
   *
   * @param backoff the delays of {@link #addRateLimited}
   * @param time with a manual time source use {@link #poll}: blocking waits follow real time
   */
  public KeyedQueue(RetryDelays backoff, TimeSource time, WorkQueueMetrics metrics) {
    this.backoff = backoff;
    this.time = time;
    this.state = new QueueState(metrics);
  }

  /** Adds a key to the lane {@link Lane#CHANGE}, for no known cause. */
  @Override
  public void add(String key) {
    add(key, Lane.CHANGE, Trigger.NONE);
  }

  /** Adds a key; one that waits in a less urgent lane moves up. Ignored after shutdown. */
  public void add(String key, Lane lane, Trigger trigger) {
    addAfter(key, lane, trigger, Duration.ZERO);
  }

  /** Adds a key to the lane {@link Lane#CHANGE} after a delay, for no known cause. */
  @Override
  public void addAfter(String key, Duration delay) {
    addAfter(key, Lane.CHANGE, Trigger.NONE, delay);
  }

  /**
   * Adds a key after a delay (at once if it is not positive). For a key that is delayed already the
   * earlier time, the more urgent lane and the first cause win. Ignored after shutdown.
   */
  public void addAfter(String key, Lane lane, Trigger trigger, Duration delay) {
    run(() -> offer(new Pending(key, lane, trigger, time.nanos()), delay));
  }

  /** Counts a failure of the key and adds it after the queue's backoff. */
  @Override
  public void addRateLimited(String key) {
    retry(key, backoff);
  }

  /**
   * Counts a failure of the key and adds it after the delay for that many failures. A key that a
   * worker holds keeps its lane and its cause.
   */
  public void retry(String key, RetryDelays delays) {
    retry(key, delays, SpanRef.NONE);
  }

  /**
   * As {@link #retry(String, RetryDelays)}.
   *
   * @param attempt span of the attempt that failed: the next one links to it and no longer to the
   *     cause
   */
  public void retry(String key, RetryDelays delays, SpanRef attempt) {
    run(
        () -> {
          long now = time.nanos();
          offer(state.requestAgain(key, attempt, now), delays.delay(state.fail(key, now)));
        });
  }

  /**
   * Adds a key that a worker holds after a delay, in the same lane and for the same cause. Failures
   * neither count nor are forgotten.
   */
  public void postpone(String key, Duration delay) {
    run(() -> offer(state.requestAgain(key, SpanRef.NONE, time.nanos()), delay));
  }

  /** The key succeeded: its failures no longer count, also for a retry that is due later. */
  @Override
  public void forget(String key) {
    run(() -> state.forget(key));
  }

  /** How often the key has failed since it was last forgotten. */
  @Override
  public int numRequeues(String key) {
    return call(() -> state.failuresOf(key));
  }

  /**
   * Removes every trace of a key whose object is gone: ready, delayed, failures, and requests while
   * a worker holds it. A later add counts again.
   */
  public void discard(String key) {
    run(() -> state.discard(key));
  }

  /** As {@link #take}, in the terms of client-java's interface: null is the end. */
  @Override
  public String get() throws InterruptedException {
    return take().map(WorkItem::key).orElse(null);
  }

  /**
   * Waits for a key and hands it out; the caller must call {@link #done}. While paused it waits.
   *
   * @return empty when the queue is shut down and has nothing more to hand out
   * @throws InterruptedException if interrupted before or while waiting; no key is lost by it
   */
  public Optional<WorkItem> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Optional<WorkItem> item = handOut();
        if (item.isPresent() || shutDown) {
          return item;
        }
        takers.await(paused ? OptionalLong.empty() : state.nanosUntilDue(time.nanos()));
      }
    } finally {
      if (!state.nothingToCome()) {
        takers.passOn();
      }
      lock.unlock();
    }
  }

  /** Hands out a key if one is ready now, without waiting. */
  public Optional<WorkItem> poll() {
    return call(this::handOut);
  }

  /** The time until the next delayed key is ready; empty when none is delayed. */
  public OptionalLong nanosUntilDue() {
    return call(() -> state.nanosUntilDue(time.nanos()));
  }

  /** Ends the work on a key. Ignored if no worker holds it, so a second call does no harm. */
  @Override
  public void done(String key) {
    run(
        () -> {
          if (state.done(key, time.nanos())) {
            takers.wakeOne();
          }
          if (state.nothingInFlight()) {
            idle.signalAll();
          }
        });
  }

  /** Hands out nothing from now on; keys are still accepted. */
  public void pause() {
    run(() -> paused = true);
  }

  /**
   * Pauses and waits until no worker holds a key.
   *
   * @return whether no worker held a key before the timeout
   */
  public boolean drain(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      paused = true;
      long left = timeout.toNanos();
      while (!state.nothingInFlight() && left > 0) {
        left = idle.awaitNanos(left);
      }
      return state.nothingInFlight();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Accepts nothing more and forgets the delayed keys. Keys that are ready are still handed out,
   * unless the queue is paused; then takers see the end.
   */
  @Override
  public void shutDown() {
    run(
        () -> {
          shutDown = true;
          state.dropDelayed();
          takers.wakeAll();
        });
  }

  @Override
  public boolean isShuttingDown() {
    return call(() -> shutDown);
  }

  /** How many keys are ready and wait for a worker. */
  @Override
  public int length() {
    return call(() -> state.ready(time.nanos()));
  }

  /** Time spent so far on the keys in flight, summed. */
  public double unfinishedSeconds() {
    return call(() -> state.unfinishedSeconds(time.nanos()));
  }

  /** Time spent so far on the key that has been in flight the longest. */
  public double longestRunningSeconds() {
    return call(() -> state.longestRunningSeconds(time.nanos()));
  }

  /** For how long the key that has been failing the longest has been failing; 0 when none fails. */
  public double oldestFailingSeconds() {
    return call(() -> state.oldestFailingSeconds(time.nanos()));
  }

  /** The contents of the queue; walks through the ready keys, so not for hot paths. */
  public QueueStats stats() {
    return call(() -> state.stats(time.nanos(), paused));
  }

  /** The state of one key. */
  public KeyState state(String key) {
    return call(() -> state.state(key, time.nanos()));
  }

  private void offer(Pending request, Duration delay) {
    if (shutDown) {
      return;
    }
    if (delay.isNegative() || delay.isZero()) {
      if (state.offer(request)) {
        takers.wakeOne();
      }
    } else if (state.delay(request, delay)) {
      takers.dueEarlier();
    }
  }

  private Optional<WorkItem> handOut() {
    return paused ? Optional.empty() : state.handOut(time.nanos());
  }

  private void run(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T call(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
