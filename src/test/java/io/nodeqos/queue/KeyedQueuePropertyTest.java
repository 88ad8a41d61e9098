// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations from many threads. Each request for a key first raises the key's generation; a
 * worker notes the generation it sees when it starts. In the end every key must have been worked on
 * at its last generation, and never by two workers at once.
 */
class KeyedQueuePropertyTest {
  private static final int PRODUCERS = 6;
  private static final int WORKERS = 8;

  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final KeyedQueue queue =
      new KeyedQueue(
          new Backoff(
              new BackoffSettings(Duration.ofMillis(1), Duration.ofMillis(5), 1), Math::random),
          TimeSource.system(),
          metrics.workQueue("nodes"));
  private final AtomicInteger overlaps = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyAddedKeyEndsProcessedAndNoneTwiceAtOnce(long seed) throws InterruptedException {
    int keys = 50;
    AtomicIntegerArray asked = new AtomicIntegerArray(keys);
    AtomicIntegerArray seen = new AtomicIntegerArray(keys);
    AtomicIntegerArray holders = new AtomicIntegerArray(keys);
    workers(seed, asked, seen, holders);
    List<Thread> producers = new ArrayList<>();
    for (int p = 0; p < PRODUCERS; p++) {
      Random random = new Random(seed * 31 + p);
      producers.add(start(() -> produce(random, keys, asked)));
    }
    for (Thread producer : producers) {
      producer.join();
    }
    awaitEmpty();
    queue.shutDown();
    for (int key = 0; key < keys; key++) {
      assertEquals(asked.get(key), seen.get(key), "key " + key + ": its last request was lost");
    }
    assertEquals(0, overlaps.get(), "a key was in the hands of two workers");
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000})
  void noneOfManyDelayedKeysIsLostUnderConcurrency(int keys) throws InterruptedException {
    AtomicIntegerArray asked = new AtomicIntegerArray(keys);
    AtomicIntegerArray seen = new AtomicIntegerArray(keys);
    List<Thread> producers = new ArrayList<>();
    for (int p = 0; p < PRODUCERS; p++) {
      int first = p;
      Random random = new Random(p);
      IntConsumer add =
          key -> {
            asked.incrementAndGet(key);
            queue.addAfter("" + key, Duration.ofMillis(1 + random.nextInt(500)));
          };
      producers.add(
          start(() -> IntStream.range(0, keys).filter(k -> k % PRODUCERS == first).forEach(add)));
    }
    for (Thread producer : producers) {
      producer.join();
    }
    workers(1, asked, seen, new AtomicIntegerArray(keys));
    awaitEmpty();
    queue.shutDown();
    for (int key = 0; key < keys; key++) {
      assertEquals(asked.get(key), seen.get(key), "key " + key + " was lost");
    }
  }

  private void produce(Random random, int keys, AtomicIntegerArray asked) {
    for (int i = 0; i < 4_000; i++) {
      int key = random.nextInt(keys);
      String name = "" + key;
      Lane lane = Lane.values()[random.nextInt(3)];
      asked.incrementAndGet(key);
      switch (random.nextInt(6)) {
        case 0 -> queue.addRateLimited(name);
        case 1 -> queue.addAfter(name, lane, Trigger.NONE, Duration.ofMillis(random.nextInt(10)));
        case 2 -> queue.addAfter(name, lane, Trigger.NONE, Duration.ofNanos(random.nextInt(9_999)));
        default -> queue.add(name, lane, Trigger.NONE);
      }
      disturb(random, name);
    }
  }

  private void disturb(Random random, String name) {
    switch (random.nextInt(60)) {
      case 3 -> queue.forget(name);
      case 4 -> queue.done("never handed out");
      case 5 -> threads.get(random.nextInt(WORKERS)).interrupt();
      case 6 -> queue.stats();
      default -> {}
    }
  }

  private void workers(
      long seed, AtomicIntegerArray asked, AtomicIntegerArray seen, AtomicIntegerArray holders) {
    for (int w = 0; w < WORKERS; w++) {
      Random random = new Random(seed * 17 + w);
      threads.add(start(() -> work(random, asked, seen, holders)));
    }
  }

  private void work(
      Random random, AtomicIntegerArray asked, AtomicIntegerArray seen, AtomicIntegerArray held) {
    while (true) {
      try {
        var item = queue.take();
        if (item.isEmpty()) {
          return;
        }
        int key = Integer.parseInt(item.get().key());
        if (held.incrementAndGet(key) != 1) {
          overlaps.incrementAndGet();
        }
        seen.set(key, asked.get(key));
        if (random.nextInt(20) == 0) {
          asked.incrementAndGet(key);
          queue.addRateLimited(item.get().key());
        }
        held.decrementAndGet(key);
        queue.done(item.get().key());
      } catch (InterruptedException e) {
        // An interrupt while waiting must cost nothing: go on.
        Thread.interrupted();
      }
    }
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Bounded polling: until nothing is ready, delayed or in flight. */
  private void awaitEmpty() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    QueueStats stats = queue.stats();
    while (stats.delayed() + stats.inFlight() + queue.length() > 0) {
      assertTrue(System.nanoTime() < deadline, "work is stuck: " + stats);
      TimeUnit.MILLISECONDS.sleep(2);
      stats = queue.stats();
    }
  }
}
