// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import io.nodeqos.telemetry.tracing.RecordedTraces;
import io.nodeqos.telemetry.tracing.SpanRef;
import io.nodeqos.telemetry.tracing.TriggerKind;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final WorkQueueMetrics queueMetrics = metrics.workQueue("nodes");
  private final BackoffSettings quick =
      new BackoffSettings(Duration.ofMillis(1), Duration.ofMillis(1), 0);
  private final KeyedQueue queue =
      new KeyedQueue(Backoff.of(quick), TimeSource.system(), queueMetrics);
  private final BlockingQueue<WorkItem> handled = new LinkedBlockingQueue<>();
  private WorkerPool pool;

  @AfterEach
  void stop() throws InterruptedException {
    pool.stop(Duration.ZERO);
  }

  @Test
  void postponedKeyKeepsItsFailuresLaneAndCause() throws InterruptedException {
    Trigger pod = new Trigger(TriggerKind.POD, "storage");
    start(
        1,
        item -> {
          handled.add(item);
          return switch (handled.size()) {
            case 1 -> Outcome.failed(failures -> Duration.ofMillis(1));
            case 2, 3 -> new Outcome.Postponed(Duration.ofMillis(1));
            default -> Outcome.failed(failures -> Duration.ofHours(1));
          };
        });
    queue.add("a", Lane.URGENT, pod);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (handled.size() < 4 && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    assertEquals(
        List.of("1 URGENT", "2 URGENT", "2 URGENT", "2 URGENT"),
        handled.stream().map(item -> item.attempt() + " " + item.lane()).toList());
    assertTrue(handled.stream().allMatch(item -> item.trigger().equals(pod)), handled.toString());
    awaitIdle();
    assertEquals(2, queue.numRequeues("a"), "the two that failed");
    assertTrue(queue.oldestFailingSeconds() > 0, "since the first");
  }

  @Test
  void throwingHandlerCausesABackoffAndKeepsItsThread() throws InterruptedException {
    start(
        1,
        item -> {
          handled.add(item);
          if (item.attempt() == 1) {
            throw new IllegalStateException("as a broken handler would");
          }
          if (item.attempt() == 2) {
            throw new StackOverflowError();
          }
          return item.attempt() == 3 ? null : Outcome.done();
        });
    queue.add("a");
    for (int attempt = 1; attempt <= 4; attempt++) {
      assertEquals(attempt, next().attempt(), "exception, error and null are each tried again");
    }
    awaitIdle();
    assertEquals(0, queue.numRequeues("a"), "the success forgot the failures");
    String text = metrics.scrape(null).text();
    assertTrue(text.contains("workqueue_handler_exceptions_total{name=\"nodes\",} 3.0"), text);
  }

  @Test
  void outcomeSetsTheNextTimeOfTheKey() throws InterruptedException {
    start(
        2,
        item -> {
          handled.add(item);
          return switch (item.attempt()) {
            case 1 -> item.lane() == Lane.CHANGE ? Outcome.done() : Outcome.failed(n -> tick());
            case 2 -> Outcome.failedUntil(tick());
            default -> Outcome.again(tick());
          };
        });
    queue.add("a", Lane.URGENT, Trigger.NONE);
    assertEquals(1, next().attempt());
    assertEquals(2, next().attempt(), "failed: counted");
    assertEquals(3, next().attempt(), "failed with a given time: counted");
    WorkItem again = next();
    assertEquals(1, again.attempt(), "a second look after success starts afresh");
    assertEquals(Lane.CHANGE, again.lane());
  }

  @Test
  void nextWorkCarriesTheSpanOfItsTrigger() throws InterruptedException {
    SpanRef event = span();
    SpanRef failed = span();
    SpanRef done = span();
    start(
        1,
        item -> {
          handled.add(item);
          if (item.trigger().span().equals(event)) {
            return Outcome.failed(n -> tick()).of(failed);
          }
          return item.attempt() == 2 ? Outcome.again(tick()).of(done) : Outcome.done();
        });
    queue.add("a", Lane.CHANGE, new Trigger(TriggerKind.POD, "storage", event));
    assertEquals(new Trigger(TriggerKind.POD, "storage", event), next().trigger());
    assertEquals(
        new Trigger(TriggerKind.POD, "storage", failed), next().trigger(), "the same cause");
    assertEquals(new Trigger(TriggerKind.NONE, "", done), next().trigger());
  }

  private static SpanRef span() {
    return new RecordedTraces(TimeSource.system()).tracing().event(TriggerKind.NODE, "n", "");
  }

  @Test
  void stopWaitsForWorkInFlightAndLeavesQueuedWork() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    start(
        1,
        item -> {
          begun.countDown();
          go.await();
          handled.add(item);
          return Outcome.done();
        });
    queue.add("a");
    queue.add("b");
    begun.await();
    assertEquals(1, pool.busy());
    Thread release =
        new Thread(
            () -> {
              // Not before the stop has paused the queue, or the worker may take "b" as well.
              while (!queue.stats().paused()) {
                Thread.onSpinWait();
              }
              go.countDown();
            });
    release.start();
    assertTrue(pool.stop(Duration.ofSeconds(30)), "every worker ended");
    assertEquals("a", next().key(), "work in flight was finished");
    assertTrue(handled.isEmpty(), "waiting work was left to the next leader");
    assertEquals(0, pool.busy());
  }

  @Test
  void stopTellsOfAWorkerThatNothingEnds() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    start(
        2,
        item -> {
          begun.countDown();
          boolean isOver = false;
          while (!isOver) {
            try {
              go.await();
              isOver = true;
            } catch (InterruptedException e) {
              // As code that nothing can end.
            }
          }
          return Outcome.done();
        });
    assertEquals(2, pool.threads());
    queue.add("a");
    begun.await();
    assertEquals(1, pool.busy());
    assertFalse(pool.stop(Duration.ofMillis(1)));
    go.countDown();
  }

  @Test
  void stopInterruptsHangingWork() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    start(
        1,
        item -> {
          begun.countDown();
          new CountDownLatch(1).await();
          return Outcome.done();
        });
    queue.add("a");
    begun.await();
    assertTrue(pool.stop(Duration.ofMillis(1)), "an interrupted worker ends");
  }

  @Test
  void onlyUntakenWorkCountsAsAStall() throws InterruptedException {
    FakeTime time = new FakeTime();
    KeyedQueue slow = new KeyedQueue(Backoff.of(quick), time.source(), queueMetrics);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    WorkerPool.Handler stuck =
        item -> {
          begun.countDown();
          go.await();
          handled.add(item);
          return Outcome.done();
        };
    pool = new WorkerPool("w", 1, slow, stuck, queueMetrics, time.source());
    slow.add("a");
    time.advance(Duration.ofHours(1));
    assertEquals(Duration.ZERO, pool.stalledFor(), "a pool that has not started is not stalled");
    pool.start();
    begun.await();
    time.advance(Duration.ofHours(1));
    assertEquals(Duration.ZERO, pool.stalledFor(), "nothing waits");
    slow.add("b");
    time.advance(Duration.ofSeconds(61));
    assertEquals(Duration.ofSeconds(61), pool.stalledFor(), "b waits and no worker moves");
    go.countDown();
    next();
    next();
    assertEquals(Duration.ZERO, pool.stalledFor(), "work goes on");
    slow.pause();
    slow.add("c");
    time.advance(Duration.ofSeconds(61));
    assertEquals(Duration.ZERO, pool.stalledFor(), "held back on purpose");
    assertFalse(pool.sinceLastTry().isNegative());
  }

  private void start(int workers, WorkerPool.Handler handler) {
    pool = new WorkerPool("worker", workers, queue, handler, queueMetrics, TimeSource.system());
    pool.start();
  }

  private static Duration tick() {
    return Duration.ofMillis(1);
  }

  private WorkItem next() throws InterruptedException {
    WorkItem item = handled.poll(30, TimeUnit.SECONDS);
    assertNotNull(item, "no worker handled anything");
    return item;
  }

  /** The last use of the queue. */
  private void awaitIdle() throws InterruptedException {
    assertTrue(queue.drain(Duration.ofSeconds(30)), "still at work");
  }
}
