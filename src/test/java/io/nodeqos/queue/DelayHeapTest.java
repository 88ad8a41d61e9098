// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DelayHeapTest {
  private final DelayHeap heap = new DelayHeap();

  @Test
  void staleEntriesOfReAddsAndRemovalsStayBounded() {
    for (int round = 0; round < 100_000; round++) {
      heap.add(request("k" + round % 10), Duration.ofNanos(1_000_000_000L - round), 0);
    }
    assertEquals(10, heap.size());
    assertTrue(heap.heapSize() < 2_000, "leftovers: " + heap.heapSize());
    for (int i = 0; i < 10; i++) {
      heap.remove("k" + i);
    }
    assertNull(heap.pollDue(Long.MAX_VALUE / 2), "removed keys never come");
    assertEquals(0, heap.heapSize(), "and leave nothing once they surfaced");
  }

  @Test
  void leftoversOfRemovalsAloneStayBounded() {
    for (int i = 0; i < 5_000; i++) {
      heap.add(request("k" + i), Duration.ofSeconds(1), 0);
    }
    for (int i = 0; i < 5_000; i++) {
      heap.remove("k" + i);
    }
    int leftovers = heap.heapSize();
    assertTrue(leftovers > 0 && leftovers < 2_000, "leftovers: " + leftovers);
  }

  @Test
  void timeUntilAKeyIsDueIsNeverNegative() {
    heap.add(request("a"), Duration.ofNanos(5), 100);
    assertEquals(OptionalLong.of(3), heap.nanosUntil("a", 102));
    assertEquals(OptionalLong.of(0), heap.nanosUntil("a", 107));
    assertEquals(OptionalLong.empty(), heap.nanosUntil("b", 102));
  }

  @Test
  void clearedHeapHasNoKey() {
    heap.add(request("a"), Duration.ofNanos(5), 0);
    heap.clear();
    assertEquals(0, heap.size());
    assertEquals(0, heap.heapSize());
    assertEquals(OptionalLong.empty(), heap.nanosUntil("a", 0));
    assertTrue(heap.add(request("a"), Duration.ofNanos(9), 0), "as for the first time");
    assertNull(heap.pollDue(5));
  }

  @Test
  void laterTimeOfTheEarliestKeyChangesNothing() {
    heap.add(request("a"), Duration.ofSeconds(1), 0);
    assertFalse(heap.add(request("a"), Duration.ofSeconds(2), 0));
    assertFalse(heap.add(request("a"), Duration.ofSeconds(1), 0), "nor does the same time");
  }

  @Test
  void heapReportsAChangeOfTheEarliestTime() {
    assertTrue(heap.add(request("a"), Duration.ofSeconds(10), 0), "the first is the earliest");
    assertFalse(heap.add(request("b"), Duration.ofSeconds(20), 0), "a later one changes nothing");
    assertTrue(heap.add(request("b"), Duration.ofSeconds(5), 0), "moved before the first");
    assertEquals(Duration.ofSeconds(5).toNanos(), heap.nanosUntilNext(0).orElseThrow());
  }

  @Test
  void equalTimesComeInTheOrderOfAdding() {
    for (int i = 0; i < 50; i++) {
      heap.add(request("k" + i), Duration.ofSeconds(1), 0);
    }
    for (int i = 0; i < 50; i++) {
      assertEquals("k" + i, heap.pollDue(Duration.ofSeconds(1).toNanos()).key());
    }
  }

  private static Pending request(String key) {
    return new Pending(key, Lane.CHANGE, Trigger.NONE, 0);
  }
}
