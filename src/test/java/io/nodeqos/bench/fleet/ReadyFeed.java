// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Does something at a steady rate, each time for the next number, whether or not the time before
 * has ended: as the kubelets of a cluster do not wait for each other. A server that is far behind
 * is spared.
 */
public final class ReadyFeed implements AutoCloseable {
  /** An HTTP/2 connection takes no more than 100 requests at a time. */
  private static final int MAX_CONCURRENT = 50;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService crew = Executors.newFixedThreadPool(MAX_CONCURRENT);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicReference<Optional<RuntimeException>> problem =
      new AtomicReference<>(Optional.empty());
  private final int most;
  private final IntConsumer work;

  private ReadyFeed(int most, IntConsumer work) {
    this.most = most;
    this.work = work;
  }

  /**
   * Begins with number 0.
   *
   * @param most how often it is done at all
   */
  public static ReadyFeed start(double perSecond, int most, IntConsumer work) {
    ReadyFeed feed = new ReadyFeed(most, work);
    long period = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
    var unused = feed.timer.scheduleAtFixedRate(feed::tick, 0, period, TimeUnit.NANOSECONDS);
    return feed;
  }

  private void tick() {
    int number = begun.get();
    if (number < most) {
      begun.incrementAndGet();
      crew.execute(() -> once(number));
    }
  }

  private void once(int number) {
    try {
      work.accept(number);
    } catch (RuntimeException | AssertionError e) {
      problem.compareAndSet(Optional.empty(), Optional.of(new IllegalStateException(e)));
    } finally {
      ended.incrementAndGet();
    }
  }

  /** How often it was done. */
  public int done() {
    problem
        .get()
        .ifPresent(
            e -> {
              throw e;
            });
    return ended.get();
  }

  public boolean finished() {
    return done() == most;
  }

  /** Begins nothing more, and waits for what was begun. */
  public int stop() throws InterruptedException {
    timer.shutdownNow();
    if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the timer does not end");
    }
    crew.shutdown();
    if (!crew.awaitTermination(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("requests do not end");
    }
    return done();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    crew.shutdownNow();
  }
}
