// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.events.QosEvent;
import io.nodeqos.kube.Happenings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrownSeriesTest {
  private final GrownSeries grown = new GrownSeries();

  private static EventSeries series(String name, long patchNotBefore) {
    return new EventSeries(
        name,
        EventDraft.of(Happenings.on("n", QosEvent.Type.WARMUP_DONE, "Warm.")).orElseThrow(),
        patchNotBefore);
  }

  @Test
  void firstIsTheOneThatMayBePatchedFirst() {
    EventSeries late = series("a", 30);
    EventSeries early = series("b", -10);
    EventSeries alike = series("c", -10);
    List.of(late, alike, early, early).forEach(grown::add);

    assertEquals(Optional.of(early), grown.first());
    grown.remove(early);
    assertEquals(Optional.of(alike), grown.first(), "the same time is no reason to lose one");
    grown.remove(alike);
    assertEquals(Optional.of(late), grown.first());
    grown.remove(late);
    assertEquals(Optional.empty(), grown.first());
  }

  @Test
  void orderHoldsWhereTheClockOverflows() {
    EventSeries before = series("b", Long.MAX_VALUE - 5);
    EventSeries after = series("a", Long.MIN_VALUE + 5);
    grown.add(after);
    grown.add(before);

    assertEquals(Optional.of(before), grown.first());
  }

  @Test
  void anotherTimeForAllKeepsThemAll() {
    EventSeries a = series("a", 30);
    EventSeries b = series("b", 20);
    grown.add(a);
    grown.add(b);
    grown.patchNotBefore(7);

    assertEquals(7, b.patchNotBeforeNanos());
    grown.remove(b);
    assertEquals(List.of(a), grown.clear());
    assertEquals(Optional.empty(), grown.first());
  }
}
