// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.app.view.QueryParameters.BadRequest;
import io.nodeqos.events.EventFeed;
import io.nodeqos.events.QosEvent;
import io.nodeqos.history.Transition;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answer of {@code /events}: a stream of events, from now on or from the last received one. */
public final class EventsView implements Endpoint {
  static final int MAX_STREAMS = 16;

  private static final Set<String> PARAMETERS = Set.of("node", "policy", "type", "since", "follow");
  private static final Pattern ID = Pattern.compile("([0-9a-f]{8})\\.(\\d{1,18})");

  private final EventFeed feed;
  private final String process;
  private final TimeSource time;
  private final LongConsumer lost;
  private final Semaphore free = new Semaphore(MAX_STREAMS);
  private final Set<String> types = knownTypes();

  /**
   * @param process eight hexadecimal digits that distinguish the numbers of this process from those
   *     of others
   * @param lost receives how many events a stream has lost
   */
  public EventsView(EventFeed feed, String process, TimeSource time, LongConsumer lost) {
    this.feed = feed;
    this.process = process;
    this.time = time;
    this.lost = lost;
  }

  private static Set<String> knownTypes() {
    Set<String> names = new TreeSet<>();
    Arrays.stream(QosEvent.Type.values()).map(Enum::name).forEach(names::add);
    Arrays.stream(Transition.Type.values()).map(Enum::name).forEach(names::add);
    return names;
  }

  @Override
  public Response answer(Request request) {
    FeedStream.Begin begin;
    FeedStream.Filter filter;
    boolean follow;
    try {
      QueryParameters query = QueryParameters.of(request, PARAMETERS);
      follow = query.flag("follow", true);
      filter =
          new FeedStream.Filter(
              query.text("node"), query.text("policy"), types(query.text("type")));
      begin = begin(request, query);
    } catch (BadRequest bad) {
      return bad.response();
    }
    if (!free.tryAcquire()) {
      return QueryParameters.error(
              503, "All " + MAX_STREAMS + " streams are in use; try again later.")
          .with("Retry-After", "5");
    }
    FeedStream stream = new FeedStream(feed, process, filter, begin, lost, free::release);
    return Response.stream(follow ? stream : new PresentEvents(stream));
  }

  private Set<String> types(String list) throws BadRequest {
    Set<String> wanted = new HashSet<>();
    for (String type : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      if (!types.contains(type)) {
        throw new BadRequest(
            "type is \""
                + list
                + "\", but must be one or more of "
                + String.join(",", types)
                + ".");
      }
      wanted.add(type);
    }
    return wanted;
  }

  /** A client that reconnects sends its last event; this wins over the original query. */
  private FeedStream.Begin begin(Request request, QueryParameters query) throws BadRequest {
    Matcher since = ID.matcher(query.text("since"));
    if (!request.lastEventId().isEmpty()) {
      return after(ID.matcher(request.lastEventId()));
    }
    if (since.matches()) {
      return after(since);
    }
    Optional<Instant> begin = query.since(time.wallTime());
    return begin.isPresent()
        ? new FeedStream.Begin(feed.before(begin.get()), !feed.isCompleteSince(begin.get()))
        : new FeedStream.Begin(feed.last(), false);
  }

  /** An id of another process only shows that events may be missing. */
  private FeedStream.Begin after(Matcher id) {
    if (!id.matches() || !id.group(1).equals(process)) {
      return new FeedStream.Begin(0, true);
    }
    long number = Long.parseLong(id.group(2));
    return feed.isCompleteAfter(number)
        ? new FeedStream.Begin(number, false)
        : new FeedStream.Begin(Math.min(number, feed.last()), true);
  }
}
