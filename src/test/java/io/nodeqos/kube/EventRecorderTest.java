// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.election.Fence;
import io.nodeqos.events.EventObserver;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.events.QosEventBus;
import io.nodeqos.sim.ApiServer;
import io.nodeqos.sim.FleetClient;
import io.nodeqos.telemetry.Metrics;
import io.nodeqos.telemetry.MetricsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recorder as it runs: on its thread, behind the bus, and against the embedded API. */
@Timeout(120)
class EventRecorderTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final EventsSettings SETTINGS = new EventsSettings(true, 100, 50);

  @TempDir Path directory;

  private final ApiServer server = new ApiServer().start();
  private final FleetClient admin = FleetClient.of(server.uri(), "test");
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private final QosEventBus bus = new QosEventBus(new Counting());
  private EventRecorder recorder;

  /** Into the metrics, as in production. */
  private final class Counting implements EventObserver {
    @Override
    public void subscribed(String subscriber) {
      metrics.events().subscribed(subscriber);
    }

    @Override
    public void published(QosEvent.Type type) {
      metrics.events().published(type.name());
    }

    @Override
    public void dropped(String subscriber) {
      metrics.events().dropped(subscriber);
    }
  }

  /** Keeps a write until it is let go. */
  private static final class Hanging implements EventApi {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public EventReply create(EventSeries series) {
      begun.countDown();
      try {
        released.await();
        return EventReply.WRITTEN;
      } catch (InterruptedException e) {
        return new EventReply(EventReply.Outcome.UNAVAILABLE, "interrupted", Duration.ZERO);
      }
    }

    @Override
    public EventReply patchSeries(EventSeries series) {
      return create(series);
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    recorder.stop(LONG);
    server.close();
  }

  private void start(EventApi api, int buffer) {
    recorder =
        EventRecorder.create(
            SETTINGS, api, bus.subscribe("kubernetes", buffer), metrics.events(), Timing.system());
    recorder.start();
  }

  private void startOnServer() {
    start(
        new EventClient(
            TestClients.write(directory, server.uri().toString(), Fence.alwaysOpen()),
            "pod-0",
            Timing.system()),
        1_000);
  }

  @Test
  void whatHappensIsReadByBothApisAndCountsUp() throws Exception {
    startOnServer();
    bus.publish(Happenings.warm("n1"));
    JsonObject first = awaitEvent(event -> true);
    assertEquals("Warm after 30 s. All gates are open.", first.get("note").getAsString());
    assertEquals("uid-n1", first.getAsJsonObject("regarding").get("uid").getAsString());

    bus.publish(Happenings.warm("n1"));
    bus.publish(Happenings.onPolicy(Type.POLICY_INVALID, "Wrong."));

    awaitEvent(
        event -> event.has("series") && event.get("series").toString().contains("\"count\":2"));
    awaitEvent(event -> event.get("type").getAsString().equals("Warning"));
    assertEquals(2, events("/apis/events.k8s.io/v1/namespaces/default/events").size());
    assertEquals(
        2,
        events("/api/v1/events?fieldSelector=involvedObject.uid%3Duid-n1").size()
            + events("/api/v1/events?fieldSelector=involvedObject.uid%3Duid-base").size());
  }

  @Test
  void whatIsLeftIsWrittenBeforeTheStopEnds() throws Exception {
    startOnServer();
    for (int i = 0; i < 20; i++) {
      bus.publish(Happenings.warm("n" + i));
      bus.publish(Happenings.warm("n" + i));
    }

    recorder.stop(LONG);

    assertEquals(20, events("/apis/events.k8s.io/v1/namespaces/default/events").size());
    recorder.stop(LONG);
    assertTrue(
        server.requests().all().stream()
            .filter(request -> request.resource().equals("events"))
            .allMatch(request -> request.code() / 100 == 2));
  }

  @Test
  void aServerThatHangsHoldsUpNobodyAndEndsWithTheStop() throws Exception {
    Hanging api = new Hanging();
    start(api, 10);
    bus.publish(Happenings.warm("n0"));
    assertTrue(api.begun.await(30, TimeUnit.SECONDS));

    // Would not end if anybody waited for the server.
    for (int i = 1; i <= 500; i++) {
      bus.publish(Happenings.warm("n" + i));
    }
    recorder.stop(Duration.ofMillis(50));

    String scrape =
        awaitScrape(
            text -> text.contains("qos_kubernetes_events_dropped_total{reason=\"stopped\",} 10.0"));
    assertTrue(
        scrape.contains("qos_events_dropped_total{subscriber=\"kubernetes\",} 490.0"), scrape);
    assertTrue(
        scrape.contains("qos_kubernetes_events_dropped_total{reason=\"unavailable\",} 1.0"),
        scrape);
    assertTrue(
        scrape.contains("qos_kubernetes_events_dropped_total{reason=\"forbidden\",} 0.0"),
        "each reason has a series from the start");
  }

  private String awaitScrape(Predicate<String> wanted) throws InterruptedException {
    String text = metrics.scrape(null).text();
    for (int i = 0; i < 3_000 && !wanted.test(text); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
      text = metrics.scrape(null).text();
    }
    assertTrue(wanted.test(text), text);
    return text;
  }

  private JsonObject awaitEvent(Predicate<JsonObject> wanted)
      throws IOException, InterruptedException {
    List<JsonObject> all = List.of();
    for (int i = 0; i < 3_000; i++) {
      all = events("/apis/events.k8s.io/v1/namespaces/default/events");
      for (JsonObject event : all) {
        if (wanted.test(event)) {
          return event;
        }
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError("no such Event among " + all);
  }

  private List<JsonObject> events(String path) throws IOException {
    List<JsonObject> events = new ArrayList<>();
    for (JsonElement item : admin.get(path).body().getAsJsonArray("items")) {
      events.add(item.getAsJsonObject());
    }
    return events;
  }
}
