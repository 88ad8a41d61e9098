// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.events.EventFeed;
import io.nodeqos.http.EventStream;
import io.nodeqos.http.ServerSentEvent;
import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/** One reader of the feed. Used by one thread. */
final class FeedStream implements EventStream {
  private static final int BATCH = 100;

  private final EventFeed feed;
  private final String process;
  private final Filter filter;
  private final LongConsumer lost;
  private final Runnable closed;
  private long last;
  private boolean gap;

  /**
   * The filter; an empty field matches all.
   *
   * @param types names
   */
  record Filter(String node, String policy, Set<String> types) {
    boolean passes(EventFeed.Item item) {
      return (node.isEmpty() || node.equals(item.node()))
          && (policy.isEmpty() || policy.equals(item.policy()))
          && (types.isEmpty() || types.contains(item.type()));
    }
  }

  /**
   * The start of the stream.
   *
   * @param after the number of the last entry that the client has
   * @param gap the client has missed events before that
   */
  record Begin(long after, boolean gap) {}

  /**
   * @param lost receives the number of lost events
   * @param closed runs at the end
   */
  FeedStream(
      EventFeed feed,
      String process,
      Filter filter,
      Begin begin,
      LongConsumer lost,
      Runnable closed) {
    this.feed = feed;
    this.process = process;
    this.filter = filter;
    this.lost = lost;
    this.closed = closed;
    this.last = begin.after();
    this.gap = begin.gap();
  }

  @Override
  public Optional<List<ServerSentEvent>> next(Duration longest) throws InterruptedException {
    Deadline deadline = Deadline.after(longest);
    List<ServerSentEvent> events = new ArrayList<>();
    boolean ended = false;
    while (events.isEmpty() && !ended) {
      long left = deadline.leftNanos();
      // An event that the filter drops wakes no reader.
      EventFeed.Batch batch =
          feed.after(last, BATCH, gap ? Duration.ZERO : Duration.ofNanos(Math.max(0, left)));
      read(batch, events);
      ended = batch.ended();
      if (batch.entries().isEmpty() && left <= 0) {
        break;
      }
    }
    return ended && events.isEmpty() ? Optional.empty() : Optional.of(events);
  }

  private void read(EventFeed.Batch batch, List<ServerSentEvent> events) {
    if (gap) {
      events.add(
          new ServerSentEvent(
              "", "gap", "{\"message\":\"Events before this were missed; /history has more.\"}"));
    } else if (batch.lost() > 0) {
      lost.accept(batch.lost());
      events.add(new ServerSentEvent("", "dropped", "{\"events\":" + batch.lost() + "}"));
    }
    gap = false;
    for (EventFeed.Entry entry : batch.entries()) {
      last = entry.number();
      if (filter.passes(entry.item())) {
        events.add(
            new ServerSentEvent(
                process + "." + last, entry.item().type(), entry.item().data().get()));
      }
    }
  }

  @Override
  public void close() {
    closed.run();
  }
}
