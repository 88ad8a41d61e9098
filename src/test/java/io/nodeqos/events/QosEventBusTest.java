// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Context;
import io.nodeqos.events.QosEvent.ObjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QosEventBusTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CountedEvents counted = new CountedEvents();
  private final QosEventBus bus = new QosEventBus(counted);
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void stop() throws InterruptedException {
    released.countDown();
    bus.stop(LONG);
  }

  @Test
  void everySubscriberGetsEveryEventInOrder() throws InterruptedException {
    List<String> first = new CopyOnWriteArrayList<>();
    List<String> second = new CopyOnWriteArrayList<>();
    bus.listen("first", 100, event -> first.add(event.message()));
    bus.listen("second", 100, event -> second.add(event.message()));

    publish(50);
    bus.stop(LONG);

    assertEquals(messages(50), first);
    assertEquals(messages(50), second);
    assertEquals(Map.of("WARMUP_DONE", 50), counted.published);
    assertEquals(Map.of("first", 0, "second", 0), counted.dropped);
  }

  @Test
  void hangingSubscriberLosesOnlyItsOwnEvents() throws InterruptedException {
    List<String> others = new CopyOnWriteArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    bus.listen(
        "hanging",
        10,
        event -> {
          begun.countDown();
          awaitRelease();
        });
    bus.listen("other", 1_000, event -> others.add(event.message()));
    publish(1);
    assertTrue(begun.await(30, TimeUnit.SECONDS));

    // Would not end if a publisher waited: the subscriber is not released meanwhile.
    publish(500);

    await("the other has them all", () -> others.size() == 501);
    assertEquals(Map.of("hanging", 490, "other", 0), counted.dropped, "10 fit into its buffer");
  }

  @Test
  void failingSubscriberGetsTheNextEventAndItsLossesAreCounted() throws InterruptedException {
    List<String> reported = new CopyOnWriteArrayList<>();
    List<String> others = new CopyOnWriteArrayList<>();
    bus.listen(
        "throwing",
        100,
        event -> {
          reported.add(event.message());
          if (reported.size() % 2 == 0) {
            throw new IllegalStateException("for the test");
          }
          if (reported.size() == 9) {
            throw new NoClassDefFoundError("for the test");
          }
        });
    bus.listen("other", 100, event -> others.add(event.message()));

    publish(10);
    bus.stop(LONG);

    assertEquals(messages(10), reported);
    assertEquals(messages(10), others);
    assertEquals(Map.of("throwing", 6, "other", 0), counted.dropped);
  }

  @Test
  void subscriberMayPollItsEvents() throws InterruptedException {
    Subscription subscription = bus.subscribe("own", 2);
    assertEquals(Optional.empty(), subscription.poll(Duration.ZERO));

    publish(3);
    subscription.close();

    assertFalse(subscription.isDone(), "earlier events can still be taken");
    assertEquals("0", subscription.poll(LONG).orElseThrow().message());
    assertEquals("1", subscription.poll(LONG).orElseThrow().message());
    assertEquals(Optional.empty(), subscription.poll(LONG), "at once, as it is closed");
    assertTrue(subscription.isDone());
    assertEquals(Map.of("own", 1), counted.dropped);
    publish(1);
    assertEquals(Map.of("own", 1), counted.dropped, "a closed subscription loses nothing");
  }

  @Test
  void concurrentPublishersLoseNoEventWithinTheCapacity() throws InterruptedException {
    List<String> reported = new CopyOnWriteArrayList<>();
    bus.listen("all", 4_000, event -> reported.add(event.message()));
    List<Thread> publishers =
        IntStream.range(0, 4).mapToObj(i -> new Thread(() -> publish(500))).toList();
    publishers.forEach(Thread::start);
    for (Thread publisher : publishers) {
      publisher.join();
    }
    bus.stop(LONG);

    assertEquals(2_000, reported.size());
    assertEquals(Map.of("all", 0), counted.dropped);
  }

  @Test
  void stopDoesNotWaitForAHangingListener() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    bus.listen(
        "hanging",
        10,
        event -> {
          try {
            released.await();
          } catch (InterruptedException asked) {
            interrupted.countDown();
          }
        });
    publish(1);

    bus.stop(Duration.ofMillis(50));

    assertTrue(interrupted.await(30, TimeUnit.SECONDS));
  }

  @Test
  void onlyTheLatestEventsAreKept() {
    RecentEvents recent = new RecentEvents(3);
    messages(5).forEach(message -> recent.publish(event(message)));
    assertEquals(List.of("2", "3", "4"), recent.latest().stream().map(QosEvent::message).toList());
  }

  private void publish(int events) {
    messages(events).forEach(message -> bus.publish(event(message)));
  }

  private static List<String> messages(int count) {
    List<String> messages = new ArrayList<>();
    IntStream.range(0, count).forEach(i -> messages.add(Integer.toString(i)));
    return messages;
  }

  private static QosEvent event(String message) {
    return new QosEvent(
        QosEvent.Type.WARMUP_DONE,
        Instant.EPOCH,
        new ObjectId("n", "u"),
        ObjectId.NONE,
        new Context("", "", 1),
        message);
  }

  private void awaitRelease() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(String description, BooleanSupplier holds) throws InterruptedException {
    for (int i = 0; i < 3_000 && !holds.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertTrue(holds.getAsBoolean(), description);
  }
}
