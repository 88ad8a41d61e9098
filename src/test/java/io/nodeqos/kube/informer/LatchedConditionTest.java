// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatchedConditionTest {
  private static final int CACHES = 8;

  private final ExecutorService threads = Executors.newFixedThreadPool(CACHES);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void earlierLookDoesNotResetTheCondition() throws Exception {
    AtomicBoolean filled = new AtomicBoolean();
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ThreadLocal<Boolean> slow = ThreadLocal.withInitial(() -> false);
    LatchedCondition latched =
        new LatchedCondition(
            () -> {
              boolean seen = filled.get();
              if (slow.get()) {
                looked.countDown();
                await(goOn);
              }
              return seen;
            });
    Future<?> early =
        threads.submit(
            () -> {
              slow.set(true);
              latched.look();
            });
    assertTrue(looked.await(10, TimeUnit.SECONDS));
    assertFalse(latched.isReached());

    filled.set(true);
    latched.look();
    assertTrue(latched.isReached());
    goOn.countDown();
    early.get(10, TimeUnit.SECONDS);

    assertTrue(latched.isReached(), "there is no later look");
  }

  /** Each cache is filled by a thread of its own, which is delayed anywhere. */
  @Test
  void conditionHoldsOnceTheLastCacheIsFilled() throws Exception {
    for (int round = 0; round < 2_000; round++) {
      AtomicIntegerArray filled = new AtomicIntegerArray(CACHES);
      LatchedCondition latched = new LatchedCondition(() -> allFilled(filled));
      CyclicBarrier start = new CyclicBarrier(CACHES);
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < CACHES; i++) {
        int cache = i;
        ends.add(
            threads.submit(
                () -> {
                  start.await();
                  delay();
                  filled.set(cache, 1);
                  latched.look();
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get(10, TimeUnit.SECONDS);
      }
      assertTrue(latched.isReached(), "in round " + round);
    }
  }

  private static boolean allFilled(AtomicIntegerArray filled) {
    boolean all = true;
    for (int i = 0; i < CACHES; i++) {
      all &= filled.get(i) == 1;
    }
    delay();
    return all;
  }

  private static void delay() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(20_000));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
