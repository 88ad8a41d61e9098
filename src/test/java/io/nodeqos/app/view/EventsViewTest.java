// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.EventFeed;
import io.nodeqos.events.QosEvent;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.http.EventStream;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.http.ServerSentEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsViewTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");
  private static final String PROCESS = "0123abcd";

  private final EventFeed feed = new EventFeed(5, BEGIN);
  private final List<Long> lost = new ArrayList<>();
  private final EventsView view =
      new EventsView(feed, PROCESS, new FakeTime(BEGIN.plusSeconds(60)).source(), lost::add);

  private void publish(String node, QosEvent.Type type, int second) {
    feed.publish(
        new FeedItems()
            .of(
                new QosEvent(
                    type,
                    BEGIN.plusSeconds(second),
                    new QosEvent.ObjectId(node, "uid"),
                    new QosEvent.ObjectId("base", ""),
                    new QosEvent.Context("", "v1", 3, "trace"),
                    "message")));
  }

  private Response get(Map<String, String> query, String lastEventId) {
    return view.answer(new Request("/events", query, "", lastEventId));
  }

  private static List<ServerSentEvent> next(Response response) throws InterruptedException {
    return response.stream().orElseThrow().next(Duration.ZERO).orElseThrow();
  }

  @Test
  void streamOfPresentEventsEndsWithThem() throws Exception {
    publish("n1", QosEvent.Type.WARMUP_STARTED, 1);
    EventStream stream = get(Map.of("since", "1h", "follow", "false"), "").stream().orElseThrow();
    assertEquals(
        List.of("gap", "WARMUP_STARTED"),
        stream.next(Duration.ofHours(1)).orElseThrow().stream()
            .map(ServerSentEvent::event)
            .toList());
    assertTrue(stream.next(Duration.ofHours(1)).isEmpty(), "it does not wait");
    assertEquals(400, get(Map.of("follow", "no"), "").status());
  }

  private static List<String> idsAndEvents(List<ServerSentEvent> events) {
    return events.stream().map(e -> e.id() + " " + e.event()).toList();
  }

  @Test
  void streamStartsNowWithOneLineForEachEvent() throws Exception {
    publish("n1", QosEvent.Type.WARMUP_STARTED, 1);
    Response response = get(Map.of(), "");
    assertEquals(200, response.status());
    assertEquals("text/event-stream", response.contentType());
    assertEquals(List.of(), next(response));
    publish("n1", QosEvent.Type.WARMUP_DONE, 2);
    List<ServerSentEvent> events = next(response);
    assertEquals(List.of("0123abcd.2 WARMUP_DONE"), idsAndEvents(events));
    assertEquals(
        "{\"at\":\"2026-03-01T10:00:02Z\",\"type\":\"WARMUP_DONE\",\"node\":\"n1\",\"uid\":\"uid\","
            + "\"policy\":\"base\",\"namespace\":\"\",\"configVersion\":\"v1\",\"epoch\":3,"
            + "\"traceId\":\"trace\",\"message\":\"message\",\"observed\":false}",
        events.get(0).data());
  }

  @Test
  void onlyEventsThatMatchAllFiltersPass() throws Exception {
    Response response =
        get(Map.of("node", "n1", "policy", "base", "type", "WARMUP_DONE,WARMUP_LOST"), "");
    publish("n1", QosEvent.Type.WARMUP_STARTED, 1);
    publish("n2", QosEvent.Type.WARMUP_DONE, 2);
    publish("n1", QosEvent.Type.WARMUP_LOST, 3);
    assertEquals(List.of("0123abcd.3 WARMUP_LOST"), idsAndEvents(next(response)));
    publish("n2", QosEvent.Type.WARMUP_DONE, 4);
    assertEquals(List.of(), next(response));
    assertEquals(0, lost.size(), "filtered events are not lost");
    Response other = get(Map.of("policy", "gold", "since", "1h"), "");
    assertEquals(List.of(" gap"), idsAndEvents(next(other)));
  }

  @Test
  void reconnectedClientGetsTheEventsThatItMissed() throws Exception {
    for (int i = 1; i <= 3; i++) {
      publish("n" + i, QosEvent.Type.CONFIG_UPDATED, i);
    }
    assertEquals(
        List.of("0123abcd.2 CONFIG_UPDATED", "0123abcd.3 CONFIG_UPDATED"),
        idsAndEvents(next(get(Map.of("since", "1h"), "0123abcd.1"))),
        "its last event wins over its first request");
    assertEquals(
        List.of("0123abcd.3 CONFIG_UPDATED"),
        idsAndEvents(next(get(Map.of("since", "0123abcd.2"), ""))));
    assertEquals(
        List.of("0123abcd.2 CONFIG_UPDATED", "0123abcd.3 CONFIG_UPDATED"),
        idsAndEvents(next(get(Map.of("since", "2026-03-01T11:00:02+01:00"), ""))));
  }

  @Test
  void streamReportsAGapWhereEventsAreMissing() throws Exception {
    for (int i = 1; i <= 8; i++) {
      publish("n1", QosEvent.Type.CONFIG_UPDATED, i);
    }
    List<ServerSentEvent> events = next(get(Map.of(), "0123abcd.1"));
    assertEquals(" gap", idsAndEvents(events).get(0));
    assertEquals("0123abcd.4 CONFIG_UPDATED", idsAndEvents(events).get(1));
    assertEquals(6, events.size());
    assertEquals(
        " gap", idsAndEvents(next(get(Map.of(), "99999999.1"))).get(0), "of another process");
    assertEquals(" gap", idsAndEvents(next(get(Map.of(), "anything"))).get(0));
    assertEquals(" gap", idsAndEvents(next(get(Map.of("since", "2m"), ""))).get(0));
    assertEquals(List.of(), lost, "a client that was not there has lost nothing");
  }

  @Test
  void eventsThatASlowClientLostAreReportedAndCounted() throws Exception {
    Response response = get(Map.of(), "");
    for (int i = 1; i <= 12; i++) {
      publish("n1", QosEvent.Type.CONFIG_UPDATED, i);
    }
    List<ServerSentEvent> events = next(response);
    assertEquals(" dropped", idsAndEvents(events).get(0));
    assertEquals("{\"events\":7}", events.get(0).data());
    assertEquals("0123abcd.8 CONFIG_UPDATED", idsAndEvents(events).get(1));
    assertEquals(List.of(7L), lost);
  }

  @Test
  void endedStreamMakesRoomWithinTheLimit() {
    List<EventStream> streams = new ArrayList<>();
    for (int i = 0; i < EventsView.MAX_STREAMS; i++) {
      streams.add(get(Map.of(), "").stream().orElseThrow());
    }
    Response refused = get(Map.of(), "");
    assertEquals(503, refused.status());
    assertEquals("5", refused.headers().get("Retry-After"));
    streams.get(0).close();
    assertEquals(200, get(Map.of(), "").status());
  }

  @Test
  void badParametersAreAnsweredWithOneSentence() {
    assertEquals(
        "{\"error\":\"/events has no parameter nod. Parameters: follow, node, policy, since, type.\"}\n",
        get(Map.of("nod", "n1"), "").body());
    Response since = get(Map.of("since", "yesterday"), "");
    assertEquals(400, since.status());
    assertTrue(since.body().contains("since is \\\"yesterday\\\", but must be a time such as"));
    assertTrue(get(Map.of("type", "WARM"), "").body().contains("but must be one or more of "));
  }

  @Test
  void streamEndsWithTheFeed() throws Exception {
    Response response = get(Map.of(), "");
    publish("n1", QosEvent.Type.WARMUP_DONE, 1);
    feed.close();
    assertEquals(1, next(response).size(), "earlier events are still read");
    assertTrue(response.stream().orElseThrow().next(Duration.ofSeconds(60)).isEmpty());
  }
}
