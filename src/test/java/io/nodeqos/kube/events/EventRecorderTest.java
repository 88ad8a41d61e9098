// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.events.EventObserver;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.events.QosEventBus;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.Happenings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    public EventReply create(EventWrite event) {
      begun.countDown();
      try {
        released.await();
        return EventReply.WRITTEN;
      } catch (InterruptedException e) {
        return new EventReply(EventReply.Outcome.UNAVAILABLE, "interrupted", Duration.ZERO);
      }
    }

    @Override
    public EventReply patchSeries(EventWrite event) {
      return create(event);
    }
  }

  /** Takes some time for each write. */
  private static final class Slow implements EventApi {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();

    @Override
    public EventReply create(EventWrite event) {
      mostAtOnce.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        return new EventReply(EventReply.Outcome.UNAVAILABLE, "interrupted", Duration.ZERO);
      } finally {
        inFlight.decrementAndGet();
      }
      written.incrementAndGet();
      return EventReply.WRITTEN;
    }

    @Override
    public EventReply patchSeries(EventWrite event) {
      return create(event);
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
            SETTINGS,
            api,
            bus.subscribe("kubernetes", buffer),
            () -> false,
            metrics.events(),
            Pauses.system());
    recorder.start();
  }

  private void startOnServer() {
    start(
        new EventClient(
            TestClients.write(directory, server.uri().toString(), new OpenFence()),
            "pod-0",
            TimeSource.system()),
        1_000);
  }

  @Test
  void eventIsReadableByBothApisAndItsCountRises() throws Exception {
    startOnServer();
    bus.publish(Happenings.warm("n1"));
    JsonObject first = awaitEvent(event -> true);
    assertEquals(
        "The node became warm after 30s. All gates are open.", first.get("note").getAsString());
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
  void pendingEventsAreWrittenBeforeTheStopEnds() throws Exception {
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
  void hangingServerBlocksNoPublisherAndEveryEventIsCounted() throws Exception {
    Hanging api = new Hanging();
    start(api, 1_000);
    bus.publish(Happenings.warm("n0"));
    assertTrue(api.begun.await(30, TimeUnit.SECONDS));

    // Would not end if a publisher waited for the server.
    for (int i = 1; i <= 500; i++) {
      bus.publish(Happenings.warm("n" + i));
    }
    recorder.stop(Duration.ofMillis(500));

    String scrape =
        awaitScrape(text -> dropped(text, "stopped") + dropped(text, "unavailable") == 501);
    assertTrue(dropped(scrape, "unavailable") >= 1, scrape);
    assertEquals(0, dropped(scrape, "forbidden"), "each reason has a series from the start");
    assertTrue(
        scrape.contains("qos_kubernetes_event_write_failures_total{reason=\"unavailable\",}"),
        scrape);
  }

  /** One reply takes 100 ms; the settings allow 100 writes a second. */
  @Test
  void slowServerGetsConcurrentRequests() throws Exception {
    Slow api = new Slow();
    start(api, 1_000);
    for (int i = 0; i < 40; i++) {
      bus.publish(Happenings.warm("n" + i));
    }

    recorder.stop(LONG);

    assertEquals(40, api.written.get());
    assertTrue(api.mostAtOnce.get() > 1, "requests in flight at once: " + api.mostAtOnce.get());
  }

  private static int dropped(String scrape, String reason) {
    Matcher line =
        Pattern.compile(
                "qos_kubernetes_events_dropped_total\\{reason=\"" + reason + "\",} (\\d+)\\.0")
            .matcher(scrape);
    return line.find() ? Integer.parseInt(line.group(1)) : -1;
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
