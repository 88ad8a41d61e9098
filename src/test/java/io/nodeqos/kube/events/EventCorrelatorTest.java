// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.Happenings;
import io.nodeqos.kube.events.EventCorrelator.Found;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventCorrelatorTest {
  private static final int MAX_SERIES = 100;

  private final FakeTime time = new FakeTime();
  private final EventCorrelator correlator =
      new EventCorrelator(MAX_SERIES, time.source(), new AtomicLong(1)::getAndIncrement);

  private static EventDraft draft(String node, Type type, String note) {
    return EventDraft.of(Happenings.on(node, type, note)).orElseThrow();
  }

  private EventSeries observe(String node, String note) {
    Found found = correlator.observe(draft(node, Type.WARMUP_DONE, note));
    assertTrue(found.isNew(), note);
    return found.series().orElseThrow();
  }

  @Test
  void repetitionWithinTheWindowRaisesTheCount() {
    EventSeries first = observe("n1", "warm");

    for (int i = 2; i <= 30; i++) {
      time.advance(EventCorrelator.WINDOW);
      Found again = correlator.observe(draft("n1", Type.WARMUP_DONE, "warm"));
      assertFalse(again.isNew());
      assertSame(first, again.series().orElseThrow());
    }
    assertEquals(30, first.count());
  }

  @Test
  void repetitionAfterTheWindowIsANewEvent() {
    EventSeries first = observe("n1", "warm");
    time.advance(EventCorrelator.WINDOW.plusNanos(1));

    assertNotEquals(first.name(), observe("n1", "warm").name());
    assertEquals(1, correlator.size(), "the quiet one is forgotten");
  }

  @Test
  void anotherObjectReasonOrNoteIsAnotherEvent() {
    Set<String> names = new HashSet<>();
    names.add(observe("n1", "warm").name());
    names.add(observe("n2", "warm").name());
    names.add(observe("n1", "warm at last").name());
    names.add(
        correlator.observe(draft("n1", Type.WARMUP_STARTED, "warm")).series().orElseThrow().name());
    assertEquals(4, names.size());
  }

  @Test
  void notesBeyondTheLimitShareOneEvent() {
    for (int i = 0; i < EventCorrelator.MAX_NOTES; i++) {
      observe("n1", "note " + i);
    }
    EventSeries combined = observe("n1", "one more");
    assertEquals("(combined from similar events) one more", combined.draft().note());

    for (int i = 0; i < 10; i++) {
      Found found = correlator.observe(draft("n1", Type.WARMUP_DONE, "yet another " + i));
      assertSame(combined, found.series().orElseThrow());
    }
    assertEquals(11, combined.count());
    assertFalse(
        correlator.observe(draft("n1", Type.WARMUP_DONE, "note 0")).series().get() == combined,
        "those that have an Event of their own keep it");
    assertEquals("note x", observe("n2", "note x").draft().note(), "another object has its own");
    time.advance(EventCorrelator.WINDOW.plusNanos(1));
    assertEquals("one more", observe("n1", "one more").draft().note(), "room again");
  }

  @Test
  void eachObjectHasItsOwnSlowlyRefilledBucket() {
    for (int i = 0; i < PerObjectRateLimiter.BURST; i++) {
      observe("n1", "note " + i);
      time.advance(EventCorrelator.WINDOW.plusNanos(1));
    }
    // Refilled meanwhile: a little more than one each time.
    observe("n1", "still");

    for (int i = 0; i < PerObjectRateLimiter.BURST; i++) {
      correlator.forget(observe("n2", "note " + i));
    }
    Found tooMuch = correlator.observe(draft("n2", Type.WARMUP_DONE, "too much"));
    assertEquals(Optional.empty(), tooMuch.series());
    observe("n3", "others may");
    time.advance(PerObjectRateLimiter.REFILL);
    observe("n2", "one more");
  }

  @Test
  void unwrittenEventIsForgottenAndNewTheNextTime() {
    EventSeries first = observe("n1", "warm");
    correlator.forget(first);
    assertEquals(0, correlator.size());
    assertNotEquals(first.name(), observe("n1", "warm").name());
    correlator.forget(first);
    assertEquals(1, correlator.size(), "the other one of this note stays");
  }

  @Test
  void nameIsADnsSubdomainThatStartsWithTheNameOfTheObject() {
    String name = observe("n1.example.com", "warm").name();
    assertTrue(name.matches("n1\\.example\\.com\\.[0-9a-f]{16}"), name);
    String longest = ("a".repeat(235) + ".").repeat(2).substring(0, 253);
    String cut = observe(longest, "warm").name();
    assertTrue(cut.matches("a{235}\\.[0-9a-f]{16}"), cut);
    assertTrue(cut.length() <= 253, cut);
  }

  /** Whatever happens, memory and the number of Events stay within their bounds. */
  @Test
  void randomEventsStayWithinTheLimits() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      EventCorrelator one =
          new EventCorrelator(MAX_SERIES, time.source(), new AtomicLong(1)::getAndIncrement);
      int created = 0;
      int observed = 0;
      int objects = 1 + random.nextInt(20);
      Type[] types = {Type.WARMUP_DONE, Type.WARMUP_LOST, Type.CONFIG_UPDATED};
      long begin = time.nanos();
      for (int i = 0; i < 5_000; i++) {
        EventDraft draft =
            draft(
                "n" + random.nextInt(objects),
                types[random.nextInt(types.length)],
                "note " + random.nextInt(1 + random.nextInt(200)));
        Found found = one.observe(draft);
        observed++;
        created += found.isNew() && found.series().isPresent() ? 1 : 0;
        if (random.nextInt(50) == 0) {
          found.series().ifPresent(one::forget);
        }
        if (random.nextInt(10) == 0) {
          time.advance(Duration.ofSeconds(random.nextInt(30)));
        }
        assertTrue(one.size() <= MAX_SERIES, "seed " + seed);
      }
      double minutes = time.source().since(begin).toSeconds() / 60.0;
      double most =
          objects
              * (PerObjectRateLimiter.BURST + minutes / PerObjectRateLimiter.REFILL.toMinutes());
      assertTrue(created <= most + 1, "seed " + seed + ": " + created + " of " + observed);
    }
  }

  @Test
  void numberOfBucketsIsBounded() {
    PerObjectRateLimiter buckets = new PerObjectRateLimiter(10);
    for (int i = 0; i < 1_000; i++) {
      buckets.take(new ObjectRef("v1", "Node", "n" + i, ""), 0);
      assertTrue(buckets.size() <= 10);
    }
  }
}
