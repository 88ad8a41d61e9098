// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.EventFeed.Batch;
import io.nodeqos.events.EventFeed.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventFeedTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(60);

  private final EventFeed feed = new EventFeed(3, BEGIN);

  private void publish(int second) {
    feed.publish(
        new Item(BEGIN.plusSeconds(second), "T", "n", "p", () -> Integer.toString(second)));
  }

  private static List<Long> numbers(Batch batch) {
    return batch.entries().stream().map(EventFeed.Entry::number).toList();
  }

  @Test
  void readerGetsTheEventsAfterItsPositionAndTheNumberOfLostOnes() throws Exception {
    publish(1);
    publish(2);
    assertEquals(List.of(2L), numbers(feed.after(1, 10, Duration.ZERO)));
    assertEquals(0, feed.after(1, 10, Duration.ZERO).lost());
    publish(3);
    publish(4);
    publish(5);
    Batch batch = feed.after(1, 2, Duration.ZERO);
    assertEquals(List.of(3L, 4L), numbers(batch), "two at a time");
    assertEquals(1, batch.lost(), "the second is gone");
    assertEquals(0, feed.after(4, 2, Duration.ZERO).lost());
    assertEquals(List.of(), numbers(feed.after(5, 2, Duration.ofMillis(1))));
  }

  @Test
  void waitingReaderIsWokenByAnEventAndByTheEnd() throws Exception {
    CompletableFuture<Batch> waiting = reader(0);
    publish(1);
    assertEquals(List.of(1L), numbers(waiting.get(60, TimeUnit.SECONDS)));
    CompletableFuture<Batch> next = reader(1);
    feed.close();
    assertTrue(next.get(60, TimeUnit.SECONDS).ended());
    assertFalse(feed.after(0, 10, LONG).ended(), "existing events can still be read");
  }

  private CompletableFuture<Batch> reader(long after) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return feed.after(after, 10, LONG);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void feedReportsWhetherEventsAreMissing() {
    assertTrue(feed.isCompleteSince(BEGIN));
    assertFalse(feed.isCompleteSince(BEGIN.minusSeconds(1)), "before this process");
    assertTrue(feed.isCompleteAfter(0));
    assertFalse(feed.isCompleteAfter(1), "a number that was never given");
    for (int second = 1; second <= 5; second++) {
      publish(second);
    }
    assertTrue(feed.isCompleteAfter(2));
    assertFalse(feed.isCompleteAfter(1));
    assertTrue(feed.isCompleteSince(BEGIN.plusSeconds(3)));
    assertFalse(feed.isCompleteSince(BEGIN.plusSeconds(2)));
    assertEquals(3, feed.before(BEGIN.plusSeconds(4)));
    assertEquals(5, feed.before(BEGIN.plusSeconds(9)));
  }
}
