// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PluginThreadTest {
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private PluginThread thread;

  @AfterEach
  void end() {
    callers.shutdownNow();
    thread.shutdown();
  }

  @Test
  void queueingTimeDoesNotCountForTheDeadlineOfACall() throws Exception {
    thread = thread(Duration.ofSeconds(2));
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      answers.add(call(() -> slowly(number, 700)));
    }
    for (int i = 0; i < 5; i++) {
      assertEquals(i, answers.get(i).get(), "the last one waits for 2.8 s");
    }
    assertTrue(thread.unavailable().isEmpty());
  }

  @Test
  void callsBehindAHangingCallFailAtItsDeadline() throws Exception {
    thread = thread(Duration.ofMillis(500));
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch hangs = new CountDownLatch(1);
    Future<Integer> hanging =
        call(
            () -> {
              hangs.countDown();
              release.await();
              return 0;
            });
    hangs.await();
    long start = System.nanoTime();
    List<Future<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(call(() -> 1));
    }
    for (Future<Integer> one : waiting) {
      assertFailed(one);
    }
    assertFailed(hanging);
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertTrue(waited < 2_500, "not one deadline after the other: " + waited + " ms");
    release.countDown();
  }

  @Test
  void callInATooLongQueueIsGivenUp() throws Exception {
    thread = thread(Duration.ofMillis(300));
    long start = System.nanoTime();
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      answers.add(call(() -> slowly(1, 100)));
    }
    int failed = 0;
    for (Future<Integer> answer : answers) {
      failed += isFailed(answer) ? 1 : 0;
    }
    assertTrue(failed > 0, "60 calls take 6 s, and a caller waits for 3 s at most");
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertTrue(waited < 5_500, waited + " ms");
  }

  private static PluginThread thread(Duration deadline) {
    return PluginThread.create(
        "test", PluginThreadTest.class.getClassLoader(), deadline, TimeSource.system());
  }

  private Future<Integer> call(Callable<Integer> call) {
    return callers.submit(() -> thread.call("plan", call));
  }

  private static int slowly(int answer, long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
    return answer;
  }

  private static void assertFailed(Future<Integer> answer) {
    Throwable why = assertThrows(Exception.class, answer::get).getCause();
    assertEquals(WorkerFailure.class, why.getClass());
  }

  private static boolean isFailed(Future<Integer> answer) throws InterruptedException {
    try {
      answer.get();
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }
}
