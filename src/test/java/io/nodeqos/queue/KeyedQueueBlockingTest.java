// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blocking waits, on the real clock; the times bound how long a failure takes, nothing else. */
class KeyedQueueBlockingTest {
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final KeyedQueue queue =
      new KeyedQueue(
          Backoff.of(BackoffSettings.DEFAULTS), TimeSource.system(), metrics.workQueue("nodes"));
  private final BlockingQueue<Object> results = new LinkedBlockingQueue<>();
  private final List<Thread> takers = new ArrayList<>();

  @AfterEach
  void endTakers() {
    queue.shutDown();
    takers.forEach(Thread::interrupt);
  }

  @Test
  void everyWaitingTakerGetsOneKey() throws InterruptedException {
    takers(3);
    awaitBlocked();
    List.of("a", "b", "c").forEach(queue::add);
    assertEquals(3, List.of(next(), next(), next()).stream().distinct().count());
  }

  @Test
  void waitingTakerWakesForADelayAndForAnEarlierOneAddedLater() throws InterruptedException {
    takers(2);
    awaitBlocked();
    queue.addAfter("later", Duration.ofMinutes(10));
    queue.addAfter("soon", Duration.ofMillis(20));
    queue.addAfter("next", Duration.ofMillis(60));
    assertEquals("soon", next(), "the new earliest time must wake a taker");
    assertEquals("next", next(), "the other taker took over the watch of the delays");
  }

  @Test
  void interruptedTakerLosesNoKeyAndAnotherTakesTheDelayedOnes() throws InterruptedException {
    takers(2);
    awaitBlocked();
    queue.addAfter("a", Duration.ofMillis(300));
    awaitTimekeeper().interrupt();
    assertInstanceOf(InterruptedException.class, nextResult());
    assertEquals("a", next());
  }

  @Test
  void pausedQueueHandsOutNothingUntilItsEnd() throws InterruptedException {
    queue.pause();
    takers(2);
    queue.add("a");
    queue.addAfter("b", Duration.ofMillis(1));
    awaitBlocked();
    assertTrue(results.isEmpty(), "paused");
    queue.shutDown();
    assertEquals(Optional.empty(), nextResult());
    assertEquals(Optional.empty(), nextResult());
  }

  @Test
  void shutDownReleasesEveryTaker() throws InterruptedException {
    takers(4);
    awaitBlocked();
    queue.shutDown();
    for (int i = 0; i < 4; i++) {
      assertEquals(Optional.empty(), nextResult());
    }
  }

  @Test
  void drainReturnsWhenTheLastKeyIsDone() throws InterruptedException {
    queue.add("a");
    queue.take();
    Thread worker = new Thread(() -> queue.done("a"));
    worker.start();
    assertTrue(queue.drain(Duration.ofSeconds(30)), "the worker ended within the time");
  }

  private void takers(int count) {
    for (int i = 0; i < count; i++) {
      Thread taker =
          new Thread(
              () -> {
                try {
                  results.add(queue.take());
                } catch (InterruptedException e) {
                  results.add(e);
                }
              });
      taker.setDaemon(true);
      takers.add(taker);
      taker.start();
    }
  }

  /** Bounded polling: until every taker waits inside the queue. */
  private void awaitBlocked() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!takers.stream().allMatch(KeyedQueueBlockingTest::waits)) {
      assertTrue(System.nanoTime() < deadline, "takers never waited");
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** Bounded polling: the one taker that waits for the next delay. */
  private Thread awaitTimekeeper() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      for (Thread taker : takers) {
        if (taker.getState() == Thread.State.TIMED_WAITING) {
          return taker;
        }
      }
      assertTrue(System.nanoTime() < deadline, "no taker watches the delays");
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  private Object nextResult() throws InterruptedException {
    Object result = results.poll(30, TimeUnit.SECONDS);
    assertTrue(result != null, "no taker returned");
    return result;
  }

  private String next() throws InterruptedException {
    return ((Optional<?>) nextResult()).map(item -> ((WorkItem) item).key()).orElseThrow();
  }
}
