// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.Happenings;
import io.nodeqos.kube.client.KubeSettings.WriteRate;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.kube.events.EventReply.Outcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventSenderTest {
  private static final int RATE = 10;
  private static final int BURST = 50;
  private static final int WAITING = 1_000;
  private static final Duration LONG = Duration.ofHours(1);

  private final FakeTime time = new FakeTime();
  private final FakeEventApi api = new FakeEventApi();
  private final Map<EventDrop, Integer> drops = new EnumMap<>(EventDrop.class);
  private final Map<Outcome, Integer> failures = new EnumMap<>(Outcome.class);
  private boolean nodesWait;
  private final EventSender sender =
      new EventSender(
          api,
          new EventPace(
              new WriteLimiter(new WriteRate(RATE, BURST), time.source()),
              () -> nodesWait,
              time.source()),
          new EventCorrelator(4_096, time.source(), new AtomicLong(1)::getAndIncrement),
          new EventOutbox(WAITING),
          new EventDrop.Counter() {
            @Override
            public void dropped(EventDrop reason, int happenings) {
              drops.merge(reason, happenings, Integer::sum);
            }

            @Override
            public void writeFailed(Outcome outcome) {
              failures.merge(outcome, 1, Integer::sum);
            }
          },
          time.source());

  /** Works as the thread does; returns when nothing is due for as long. */
  private void workFor(Duration longest) {
    Duration left = longest;
    for (int turn = 0; turn < 1_000_000; turn++) {
      Duration wait = sender.work();
      if (wait.compareTo(left) > 0) {
        time.advance(left);
        return;
      }
      time.advance(wait);
      left = left.minus(wait);
    }
    throw new AssertionError("a hot loop");
  }

  @Test
  void eventsOfTwoThousandWarmNodesKeepTheRate() {
    int nodes = 2_000;
    for (int i = 0; i < nodes; i++) {
      sender.take(Happenings.on("n" + i, Type.CONFIG_UPDATED, "Configuration 2721baad77."));
      sender.take(Happenings.on("n" + i, Type.WARMUP_STARTED, "The warm-up has 1 blocker: x."));
      sender.take(Happenings.warm("n" + i));
    }
    assertEquals(0, api.writes(), "taking in writes nothing");

    for (int second = 1; second <= 30; second++) {
      workFor(Duration.ofSeconds(1));
      assertTrue(
          api.writes() <= BURST + RATE * second, api.writes() + " writes in " + second + " s");
    }
    workFor(LONG);

    assertEquals(WAITING, api.creations, "waiting events are sent");
    assertEquals(0, api.patches);
    assertEquals(Map.of(EventDrop.QUEUE_FULL, 3 * nodes - WAITING), drops, "the rest is counted");
  }

  @Test
  void fewEventsAreWrittenWhileNodesWait() {
    nodesWait = true;
    for (int i = 0; i < BURST; i++) {
      sender.take(Happenings.warm("n" + i));
    }
    workFor(Duration.ZERO);
    assertEquals(1, api.writes(), "no pause before the first one");
    workFor(Duration.ofSeconds(2));
    assertEquals(11, api.writes(), "one each 200 ms");

    nodesWait = false;
    workFor(EventPace.BESIDE_NODES);
    assertEquals(BURST, api.writes(), "the rest once no node waits");
  }

  @Test
  void lastEventsOfTheProcessLetNobodyPass() {
    nodesWait = true;
    for (int i = 0; i < BURST; i++) {
      sender.take(Happenings.warm("n" + i));
    }
    workFor(Duration.ZERO);
    sender.flush();
    workFor(EventPace.BESIDE_NODES);
    assertEquals(BURST, api.writes());
  }

  @Test
  void eventWakesAWriterOnlyWhenItMayWriteNow() {
    long before = sender.news();
    sender.take(Happenings.warm("n0"));
    assertTrue(sender.news() > before, "it may write at once");
    for (int i = 1; i <= BURST; i++) {
      sender.take(Happenings.warm("n" + i));
    }
    workFor(Duration.ZERO);
    assertEquals(BURST, api.writes(), "the burst is used up");
    before = sender.news();
    sender.take(Happenings.warm("other"));
    assertEquals(before, sender.news(), "a writer waits for its turn already");

    workFor(Duration.ofSeconds(1));
    assertEquals(BURST + 2, api.writes());
    before = sender.news();
    sender.take(Happenings.warm("later"));
    assertTrue(sender.news() > before, "the turn has come");
  }

  @Test
  void warningIsSentFirstAndReplacesANormalEventInAFullQueue() {
    for (int i = 0; i < 2_000; i++) {
      sender.take(Happenings.warm("n" + i));
    }
    sender.take(Happenings.onPolicy(Type.POLICY_INVALID, "Wrong."));
    workFor(Duration.ZERO);

    assertEquals("Wrong.", api.notes().get(0));
    assertEquals(Map.of(EventDrop.QUEUE_FULL, 1_001), drops);
  }

  @Test
  void repeatedEventIsOneEventWithPeriodicCountWrites() {
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    for (int second = 0; second < 290; second++) {
      sender.take(Happenings.warm("n1"));
      workFor(Duration.ofSeconds(1));
    }
    assertEquals(1, api.creations);
    assertEquals(5, api.patches, "one a minute");
    assertEquals(241, api.counted());
    workFor(LONG);
    assertEquals(291, api.counted(), "the last count comes too");
    assertEquals(6, api.patches);
    assertEquals(Map.of(), drops);
  }

  @Test
  void eventRepeatedBeforeItsCreationIsCreatedOnceAndThenCounted() {
    for (int i = 0; i < 3; i++) {
      sender.take(Happenings.warm("n1"));
    }
    workFor(Duration.ZERO);
    assertEquals(1, api.creations);
    assertEquals(3, api.counted());
  }

  @Test
  void eventsWaitForRetryAfterAndAreThenAllSent() {
    api.answer(Outcome.THROTTLED, Duration.ofSeconds(30));
    sender.take(Happenings.warm("n1"));
    sender.take(Happenings.warm("n2"));
    workFor(Duration.ofSeconds(29));
    assertEquals(1, api.writes());
    assertEquals(Map.of(), drops);

    api.work();
    workFor(Duration.ofSeconds(2));
    assertEquals(List.of("n1", "n2"), api.created.stream().map(d -> d.regarding().name()).toList());
    assertEquals(Map.of(), drops);
    assertEquals(Map.of(Outcome.THROTTLED, 1), failures);
  }

  @Test
  void unansweredEventIsRetriedWithPausesAtMostFiveTimes() {
    api.answer(Outcome.UNAVAILABLE, Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      sender.take(Happenings.warm("n" + i));
    }
    workFor(Duration.ofSeconds(4));
    assertEquals(1, api.writes());
    workFor(Duration.ofMinutes(10));
    assertEquals(3 * EventSender.MAX_TRIES, api.writes());
    assertEquals(Map.of(EventDrop.UNAVAILABLE, 3), drops);
    assertEquals(Map.of(Outcome.UNAVAILABLE, 3 * EventSender.MAX_TRIES), failures);
  }

  @Test
  void missingPermissionIsReportedOnceAndRetriedOnceAMinute() {
    api.answer(Outcome.FORBIDDEN, Duration.ZERO);
    try (CapturedLog log = CapturedLog.of(EventSender.class)) {
      for (int second = 0; second < 300; second++) {
        sender.take(Happenings.warm("n" + second));
        workFor(Duration.ofSeconds(1));
      }
      assertEquals(1, log.warnings().size(), log.warnings().toString());
      String warning = log.warnings().get(0);
      assertTrue(warning.contains("permission to create and patch events.events.k8s.io"), warning);
      assertTrue(warning.contains("Role node-qos-controller-events"), warning);
    }
    assertTrue(api.writes() <= 6, api.writes() + " tries");
    assertEquals(0, drops.getOrDefault(EventDrop.QUEUE_FULL, 0));
    api.work();
    workFor(Duration.ofMinutes(2));
    sender.take(Happenings.warm("last"));
    workFor(Duration.ofMinutes(1));
    assertTrue(api.counted() >= 1, "and it works as soon as the right is there");
  }

  @Test
  void formerLeaderDropsPendingEvents() {
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    sender.take(Happenings.warm("n1"));
    for (int i = 2; i < 10; i++) {
      sender.take(Happenings.warm("n" + i));
    }
    api.answer(Outcome.NOT_LEADING, Duration.ZERO);
    workFor(Duration.ZERO);
    assertEquals(Map.of(EventDrop.NOT_LEADING, 9), drops);
    assertEquals(2, api.creations, "one was refused, the others were not tried");
  }

  @Test
  void deletedEventIsCreatedAgainAtTheNextRepetition() {
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    api.answer(Outcome.REJECTED, Duration.ZERO);
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    assertEquals(Map.of(EventDrop.REJECTED, 1), drops);
    api.work();
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    assertEquals(2, api.counts.size());
  }

  @Test
  void failedCountIsWrittenWithTheNextCount() {
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    api.answer(Outcome.UNAVAILABLE, Duration.ZERO);
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ofSeconds(10));
    api.work();
    sender.take(Happenings.warm("n1"));
    workFor(LONG);
    assertEquals(3, api.counted());
    assertEquals(Map.of(), drops);
  }

  @Test
  void stopWritesCountsThatAreNotYetDue() {
    sender.take(Happenings.warm("n1"));
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    sender.take(Happenings.warm("n1"));
    workFor(Duration.ZERO);
    assertEquals(2, api.counted());
    sender.flush();
    workFor(Duration.ZERO);
    assertEquals(3, api.counted());
  }

  /** Each happening is sent once or counted as dropped, for any answer of the server. */
  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"THROTTLED", "UNAVAILABLE", "FORBIDDEN", "REJECTED", "NOT_LEADING"})
  void everyLostEventIsCounted(Outcome fault) {
    Random random = new Random(fault.ordinal());
    int happenings = 0;
    Type[] types = {Type.WARMUP_DONE, Type.WARMUP_LOST, Type.CONFIG_UPDATED};
    for (int step = 0; step < 3_000; step++) {
      int burst = random.nextInt(100) == 0 ? 500 : random.nextInt(3);
      for (int i = 0; i < burst; i++) {
        happenings++;
        sender.take(
            Happenings.on(
                "n" + random.nextInt(300),
                types[random.nextInt(types.length)],
                "note " + random.nextInt(10)));
      }
      if (random.nextInt(40) == 0) {
        api.answer(fault, Duration.ofSeconds(random.nextInt(10)));
      } else if (random.nextInt(4) == 0) {
        api.work();
      }
      workFor(Duration.ofMillis(random.nextInt(2_000)));
    }
    api.work();
    workFor(LONG);
    sender.stop();
    int dropped = drops.values().stream().mapToInt(Integer::intValue).sum();
    assertEquals(happenings, api.counted() + dropped, drops.toString());
    assertTrue(api.counted() > 0 && dropped > 0, drops.toString());
  }
}
