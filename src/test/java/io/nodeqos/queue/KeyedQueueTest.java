// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedQueueTest {
  private static final Trigger POD = new Trigger(TriggerKind.POD, "storage");
  private static final Trigger NODE = new Trigger(TriggerKind.NODE, "");

  private final FakeTime time = new FakeTime();
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final Backoff backoff = new Backoff(BackoffSettings.DEFAULTS, () -> 0);
  private final KeyedQueue queue =
      new KeyedQueue(backoff, time.source(), metrics.workQueue("nodes"));

  @Test
  void keyAddedTwiceIsHandedOutOnce() {
    queue.add("a");
    queue.add("a");
    assertEquals(1, queue.length(), "a key waits at most once");
    assertEquals("a", take());
    assertTrue(queue.poll().isEmpty(), "nothing is left");
  }

  @Test
  void keyAddedWhileInFlightComesAgainAfterDoneAndNotBefore() {
    queue.add("a");
    take();
    queue.add("a", Lane.URGENT, POD);
    queue.add("a", Lane.RESYNC, NODE);
    assertTrue(queue.poll().isEmpty(), "two workers must not hold one key");
    assertEquals(0, queue.length(), "it does not wait for a worker while one holds it");

    queue.done("a");
    WorkItem again = queue.poll().orElseThrow();
    assertEquals(Lane.URGENT, again.lane(), "the most urgent request counts");
    assertEquals(POD, again.trigger(), "the first cause is kept");
    queue.done("a");
    assertTrue(queue.poll().isEmpty(), "both requests were one piece of work");
  }

  @Test
  void secondDoneIsIgnored() {
    queue.add("a");
    take();
    queue.done("a");
    queue.done("a");
    queue.done("never seen");
    queue.add("a");
    assertEquals("a", take(), "the key is usable as before");
    assertTrue(queue.poll().isEmpty(), "a second done must not queue it twice");
  }

  @Test
  void urgentGoesBeforeChangeBeforeResync() {
    queue.add("r", Lane.RESYNC, Trigger.NONE);
    queue.add("c", Lane.CHANGE, Trigger.NONE);
    queue.add("u1", Lane.URGENT, Trigger.NONE);
    queue.add("u2", Lane.URGENT, Trigger.NONE);
    assertEquals(List.of("u1", "u2", "c", "r"), takeAll(), "lanes, first in first out within one");
  }

  @Test
  void waitingKeyMovesUpButNeverDown() {
    queue.add("x", Lane.RESYNC, NODE);
    queue.add("c", Lane.CHANGE, Trigger.NONE);
    time.advance(Duration.ofSeconds(3));
    queue.add("x", Lane.URGENT, POD);
    queue.add("x", Lane.CHANGE, Trigger.NONE);

    WorkItem first = queue.poll().orElseThrow();
    assertEquals("x", first.key(), "it was promoted past the other");
    assertEquals(Lane.URGENT, first.lane());
    assertEquals(NODE, first.trigger(), "the first cause is kept");
    assertEquals(Duration.ofSeconds(3), first.queuedFor(), "a promotion does not reset the wait");
    assertEquals(List.of("c"), takeAll(), "the promoted key left its old lane");
  }

  @Test
  void knownCauseReplacesAnUnknownOne() {
    queue.add("a");
    queue.add("a", Lane.CHANGE, POD);
    assertEquals(POD, queue.poll().orElseThrow().trigger());
  }

  @Test
  void lowerLanesAdvanceUnderEndlessUrgentWork() {
    IntStream.range(0, 100).forEach(i -> queue.add("c" + i, Lane.CHANGE, Trigger.NONE));
    IntStream.range(0, 100).forEach(i -> queue.add("r" + i, Lane.RESYNC, Trigger.NONE));
    List<Lane> taken = new ArrayList<>();
    for (int i = 0; i < 330; i++) {
      queue.add("u" + i, Lane.URGENT, Trigger.NONE);
      taken.add(queue.poll().orElseThrow().lane());
    }
    assertTrue(Collections.frequency(taken, Lane.CHANGE) >= 33, "a tenth for changes: " + taken);
    assertEquals(10, Collections.frequency(taken, Lane.RESYNC), "one in 33 for resyncs: " + taken);
    assertTrue(Collections.frequency(taken, Lane.URGENT) >= 280, "the rest is urgent: " + taken);
  }

  @Test
  void delayedKeyComesWhenItIsDueAndItsDelayDoesNotCountAsWaiting() {
    queue.addAfter("a", Lane.URGENT, POD, Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(5).minusNanos(1));
    assertTrue(queue.poll().isEmpty(), "not due yet");
    assertEquals(0, queue.length(), "a delayed key does not count as waiting");

    time.advance(Duration.ofSeconds(2));
    assertEquals(1, queue.length(), "due");
    WorkItem item = queue.poll().orElseThrow();
    assertEquals(Lane.URGENT, item.lane());
    assertEquals(POD, item.trigger());
    assertEquals(Duration.ofSeconds(2).minusNanos(1), item.queuedFor(), "counted since it was due");
  }

  @Test
  void earlierReAddWinsAndLaterOneIsIgnored() {
    queue.addAfter("a", Duration.ofSeconds(60));
    queue.addAfter("a", Duration.ofSeconds(5));
    queue.addAfter("a", Duration.ofSeconds(30));
    time.advance(Duration.ofSeconds(5));
    assertEquals("a", take(), "the earliest of the three");
    queue.done("a");
    time.advance(Duration.ofDays(1));
    assertTrue(queue.poll().isEmpty(), "the two others were merged into it");
  }

  @Test
  void laterReAddStillRaisesTheLane() {
    queue.addAfter("a", Lane.RESYNC, Trigger.NONE, Duration.ofSeconds(5));
    queue.addAfter("a", Lane.URGENT, POD, Duration.ofSeconds(60));
    time.advance(Duration.ofSeconds(5));
    assertEquals(Lane.URGENT, queue.poll().orElseThrow().lane());
  }

  @Test
  void immediateAddKeepsTheDelayedAdd() {
    queue.addAfter("a", Duration.ofSeconds(5));
    queue.add("a");
    assertEquals("a", take());
    queue.done("a");
    time.advance(Duration.ofSeconds(5));
    assertEquals("a", take(), "the later reconcile is still due");
  }

  @Test
  void extremeDelaysDoNotOverflow() {
    queue.addAfter("never", Duration.ofSeconds(Long.MAX_VALUE));
    queue.addAfter("past", Duration.ofSeconds(-1));
    assertEquals(List.of("past"), takeAll());
    time.advance(Duration.ofDays(10_000));
    assertTrue(queue.poll().isEmpty(), "not due for a long while");
  }

  @Test
  void noneOfAHundredThousandDelayedKeysIsLost() {
    int keys = 100_000;
    IntStream.range(0, keys)
        .forEach(i -> queue.addAfter("n" + i, Duration.ofMillis(1 + (i * 7919L) % 60_000)));
    assertEquals(keys, queue.stats().delayed());
    time.advance(Duration.ofMinutes(1));
    List<String> all = takeAll();
    assertEquals(keys, all.size(), "every key was due");
    assertEquals(keys, all.stream().distinct().count(), "each once");
  }

  @Test
  void failuresRaiseTheAttemptAndForgetResetsItEvenForAPendingRetry() {
    queue.add("a", Lane.URGENT, POD);
    assertEquals(1, queue.poll().orElseThrow().attempt());
    queue.addRateLimited("a");
    queue.done("a");
    assertTrue(queue.poll().isEmpty(), "backing off");
    time.advance(BackoffSettings.DEFAULTS.base());
    WorkItem second = queue.poll().orElseThrow();
    assertEquals(2, second.attempt());
    assertEquals(Lane.URGENT, second.lane(), "a retry keeps the lane");
    assertEquals(POD, second.trigger(), "a retry keeps the cause");
    assertEquals(1, queue.numRequeues("a"));

    queue.addRateLimited("a");
    queue.forget("a");
    queue.done("a");
    time.advance(BackoffSettings.DEFAULTS.max());
    assertEquals(1, queue.poll().orElseThrow().attempt(), "the pending retry starts afresh");
  }

  @Test
  void discardRemovesEveryTraceOfAKey() {
    queue.add("held");
    take();
    queue.add("held");
    queue.add("ready");
    queue.addRateLimited("failing");
    queue.addAfter("delayed", Duration.ofSeconds(1));
    List.of("held", "ready", "failing", "delayed").forEach(queue::discard);

    queue.done("held");
    time.advance(Duration.ofHours(1));
    assertEquals(List.of(), takeAll(), "a deleted node is not worked on");
    assertEquals(0, queue.numRequeues("failing"));
    assertTrue(queue.stats().oldestFailing().isEmpty(), "no state is left behind");
    queue.add("ready");
    assertEquals("ready", take(), "a node that comes again counts again");
  }

  @Test
  void askingForFailuresLeavesNoState() {
    assertEquals(0, queue.numRequeues("unknown"));
    assertTrue(queue.stats().oldestFailing().isEmpty());
  }

  @Test
  void pauseHoldsBackAndKeepsEverything() throws InterruptedException {
    queue.add("a");
    queue.addAfter("b", Duration.ofSeconds(1));
    assertTrue(queue.drain(Duration.ZERO), "nothing is in flight");
    queue.add("c");
    time.advance(Duration.ofSeconds(1));
    assertTrue(queue.poll().isEmpty(), "paused");
    assertTrue(queue.stats().paused());
    assertEquals(3, queue.length());
  }

  @Test
  void drainReportsWhetherWorkIsInFlight() throws InterruptedException {
    queue.add("a");
    take();
    assertFalse(queue.drain(Duration.ofMillis(1)), "a worker holds a key");
    queue.done("a");
    assertTrue(queue.drain(Duration.ofMillis(1)));
  }

  @Test
  void shutDownHandsOutReadyKeysAndAcceptsNoNewOnes() throws InterruptedException {
    queue.add("a");
    queue.addAfter("later", Duration.ofSeconds(1));
    queue.shutDown();
    queue.add("b");
    queue.addAfter("c", Duration.ofMillis(1));
    queue.addRateLimited("d");
    assertTrue(queue.isShuttingDown());
    assertEquals("a", queue.get());
    time.advance(Duration.ofHours(1));
    assertNull(queue.get(), "then the end, at once");
    assertEquals(Optional.empty(), queue.take());
  }

  @Test
  void pausedQueueEndsAtOnceWhenShutDown() throws InterruptedException {
    queue.add("a");
    queue.pause();
    queue.shutDown();
    assertEquals(Optional.empty(), queue.take(), "work is left to the next leader");
  }

  @Test
  void statsCountTheKeysByState() {
    queue.add("old", Lane.RESYNC, Trigger.NONE);
    time.advance(Duration.ofSeconds(4));
    queue.add("new", Lane.URGENT, Trigger.NONE);
    queue.addRateLimited("failing");
    take();
    time.advance(Duration.ofMillis(100));

    QueueStats stats = queue.stats();
    assertEquals(1, stats.waiting().get(Lane.RESYNC));
    assertEquals(0, stats.waiting().get(Lane.URGENT));
    assertEquals(1, stats.delayed());
    assertEquals(1, stats.inFlight());
    assertEquals(
        Optional.of(new QueueStats.KeyAge("old", Duration.ofMillis(4_100))), stats.oldestWaiting());
    assertEquals(
        Optional.of(new QueueStats.KeyAge("failing", Duration.ofMillis(100))),
        stats.oldestFailing());
    assertEquals(Duration.ofMillis(100), stats.longestRunning());
    assertEquals(Duration.ofMillis(100), stats.unfinished());
  }

  @Test
  void timesOfKeysInFlightAreMeasuredFromTheirHandOut() {
    time.advance(Duration.ofSeconds(7));
    queue.add("a");
    queue.add("b");
    take();
    time.advance(Duration.ofSeconds(2));
    take();
    time.advance(Duration.ofSeconds(3));
    assertEquals(8.0, queue.unfinishedSeconds());
    assertEquals(5.0, queue.longestRunningSeconds());
    assertEquals(Optional.of(Duration.ofSeconds(5)), queue.state("a").inFlight());
    queue.done("a");
    assertEquals(3.0, queue.unfinishedSeconds());
    assertEquals(3.0, queue.longestRunningSeconds());
    assertEquals(Optional.empty(), queue.state("a").inFlight());
    queue.done("b");
    assertEquals(0.0, queue.unfinishedSeconds());
    assertEquals(0.0, queue.longestRunningSeconds());
    String text = metrics.scrape(null).text();
    assertTrue(text.contains("workqueue_work_duration_seconds_sum{name=\"nodes\",} 8.0"), text);
  }

  @Test
  void statsNameTheKeysThatHaveWaitedAndFailedTheLongest() {
    time.advance(Duration.ofSeconds(7));
    queue.addRateLimited("failing");
    queue.add("late", Lane.RESYNC, Trigger.NONE);
    time.advance(Duration.ofMillis(10));
    queue.addRateLimited("failing later");
    queue.add("later", Lane.URGENT, Trigger.NONE);
    time.advance(Duration.ofMillis(10));
    QueueStats stats = queue.stats();
    assertEquals(
        Optional.of(new QueueStats.KeyAge("late", Duration.ofMillis(20))), stats.oldestWaiting());
    assertEquals(
        Optional.of(new QueueStats.KeyAge("failing", Duration.ofMillis(20))),
        stats.oldestFailing());
  }

  @Test
  void keyThatIsDueCountsAsWaiting() {
    queue.addAfter("a", Duration.ofSeconds(1));
    assertEquals(Optional.of(Duration.ofSeconds(1)), queue.state("a").dueIn());
    assertEquals(0, queue.stats().waiting().get(Lane.CHANGE));
    time.advance(Duration.ofSeconds(1));
    assertEquals(1, queue.stats().waiting().get(Lane.CHANGE));
    assertEquals(Optional.of(Lane.CHANGE), queue.state("a").waiting());
    assertEquals(Optional.empty(), queue.state("a").dueIn());
  }

  @Test
  void queueSaysWhetherItShutsDown() {
    assertFalse(queue.isShuttingDown());
    queue.shutDown();
    assertTrue(queue.isShuttingDown());
  }

  @Test
  void metricsFollowClientGo() {
    queue.add("a");
    queue.add("a");
    take();
    queue.add("a");
    queue.addRateLimited("a");
    queue.done("a");
    String text = metrics.scrape(null).text();
    assertTrue(text.contains("workqueue_adds_total{name=\"nodes\",} 2.0"), text);
    assertTrue(text.contains("workqueue_retries_total{name=\"nodes\",} 1.0"), text);
    assertTrue(text.contains("workqueue_queue_duration_seconds_count{name=\"nodes\",} 1.0"), text);
    assertTrue(text.contains("workqueue_work_duration_seconds_count{name=\"nodes\",} 1.0"), text);
  }

  private String take() {
    return queue.poll().orElseThrow().key();
  }

  private List<String> takeAll() {
    List<String> taken = new ArrayList<>();
    for (var item = queue.poll(); item.isPresent(); item = queue.poll()) {
      taken.add(item.get().key());
      queue.done(item.get().key());
    }
    return taken;
  }
}
