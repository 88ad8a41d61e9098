// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import io.nodeqos.fixture.FakePauses;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.codec.Samples;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.SlimList;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.NodeView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list and a watch against the failures of a server and a network. */
class SlimListerWatcherTest {
  private static final String NODES = "/api/v1/nodes";
  private static final String GONE =
      "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old resource version\"}";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final FakePauses pauses = new FakePauses();
  private final RecordingObserver recorder = new RecordingObserver();
  private final TestServers.Answers answers = new TestServers.Answers(server, NODES);

  private SlimListerWatcher<NodeView> source(Duration watchIdle) {
    return new SlimListerWatcher<>(
        TestClients.watch(directory, server.baseUrl()),
        CacheSource.nodes(new Interning(), Set.of()),
        TestClients.settings(watchIdle).cache(),
        pauses.pauses(),
        recorder,
        new NothingKnown<>());
  }

  private SlimListerWatcher<NodeView> source() {
    return source(Duration.ofSeconds(20));
  }

  private static MappingBuilder nodes() {
    return get(urlPathEqualTo(NODES));
  }

  private static ResponseDefinitionBuilder list(
      String resourceVersion, String next, String... nodes) {
    return ok(
        "{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"%s\",\"continue\":\"%s\"},\"items\":[%s]}"
            .formatted(resourceVersion, next, String.join(",", nodes)));
  }

  private static String event(String type, String name, String resourceVersion) {
    return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, Samples.node(name, resourceVersion));
  }

  private static List<String> names(SlimList<NodeView> list) {
    return list.getItems().stream().map(o -> o.getMetadata().getName()).toList();
  }

  private static CallGeneratorParams from(String resourceVersion) {
    return new CallGeneratorParams(true, resourceVersion, 300);
  }

  private static String describe(Watch.Response<SlimObject<NodeView>> event) {
    return event.object == null
        ? event.type + " " + event.status.getCode()
        : event.type + " " + event.object.getMetadata().getName();
  }

  @Test
  void listOfSeveralPagesIsPassedOnAsAWhole() throws ApiException {
    answers.add(
        list("10", "c1", Samples.node("a", "1"), Samples.node("b", "2")),
        list("10", "c2", Samples.node("c", "3")),
        list("10", "", Samples.node("d", "4")));

    SlimList<NodeView> list = source().list(from("0"));

    assertEquals(List.of("a", "b", "c", "d"), names(list));
    assertEquals("10", list.getMetadata().getResourceVersion());
    server.verify(
        1, getRequestedFor(urlPathEqualTo(NODES)).withQueryParam("continue", equalTo("c2")));
    server.verify(
        3,
        getRequestedFor(urlPathEqualTo(NODES))
            .withQueryParam("limit", equalTo("2"))
            .withQueryParam("resourceVersion", absent())
            .withHeader("Authorization", equalTo("Bearer s3cret"))
            .withHeader("User-Agent", equalTo("node-qos-controller/test (uid)")));
  }

  @Test
  void snapshotThatExpiresBetweenPagesIsListedAgainFromTheStart() throws ApiException {
    answers.add(
        list("10", "c1", Samples.node("a", "1")),
        aResponse().withStatus(410).withBody(GONE),
        list("12", "", Samples.node("a", "11"), Samples.node("b", "12")));

    SlimList<NodeView> list = source().list(from("0"));

    assertEquals(List.of("a", "b"), names(list), "nothing of the first snapshot is in it");
    assertEquals("12", list.getMetadata().getResourceVersion());
    assertEquals(List.of(), recorder.failures, "that is no failure");
    server.verify(1, getRequestedFor(urlPathEqualTo(NODES)).withQueryParam("limit", absent()));
  }

  @Test
  void failedPagePassesNothingOn() throws ApiException {
    answers.add(
        list("10", "c1", Samples.node("a", "1")),
        aResponse().withStatus(500).withBody("{\"message\":\"etcdserver: timeout\"}"),
        list("20", "c1", Samples.node("b", "2")),
        aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
        list("30", "c1", Samples.node("c", "3")),
        ok(
            "{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"30\"},\"items\":["
                + Samples.node("d", "4")),
        list("40", "", Samples.node("e", "5")));

    SlimList<NodeView> list = source().list(from("0"));

    assertEquals(List.of("e"), names(list), "only the complete list counts");
    assertEquals(List.of(Set.of("e")), recorder.lists);
    assertEquals(3, recorder.failures.size());
    assertTrue(recorder.failures.get(0).message().contains("etcdserver: timeout"));
  }

  @Test
  void proxysPageIsNotAnEmptyList() throws ApiException {
    answers.add(
        ok("<html><body>Welcome</body></html>"),
        ok("{}"),
        ok("{\"metadata\":{\"resourceVersion\":\"5\"}}"),
        ok("{\"items\":[]}"),
        list("10", "", Samples.node("a", "1")));

    assertEquals(List.of("a"), names(source().list(from("0"))));
    assertEquals(4, recorder.failures.size(), "each of the others is refused");
  }

  @Test
  void retryAfterIsHonoured() throws ApiException {
    answers.add(
        aResponse().withStatus(429).withHeader("Retry-After", "17"),
        aResponse().withStatus(503).withHeader("Retry-After", "Tue, 03 Nov 2026 10:01:40 GMT"),
        list("10", ""));

    source().list(from("0"));

    assertTrue(pauses.sleeps.get(0).compareTo(Duration.ofSeconds(17)) >= 0, "in seconds");
    Instant tried = pauses.time.instant();
    assertFalse(tried.isBefore(Instant.parse("2026-11-03T10:01:40Z")), "as a date");
  }

  @Test
  void refusedListIsReportedAndRetriedForEver() throws ApiException {
    answers.add(
        aResponse()
            .withStatus(403)
            .withBody("{\"code\":403,\"reason\":\"Forbidden\",\"message\":\"nodes is forbidden\"}"),
        aResponse().withStatus(404),
        list("10", ""));

    source().list(from("0"));

    assertTrue(recorder.failures.get(0).denied());
    assertEquals("HTTP 403: nodes is forbidden", recorder.failures.get(0).message());
    assertTrue(recorder.failures.get(1).denied());
  }

  private static ResponseDefinitionBuilder forbidden() {
    return aResponse()
        .withStatus(403)
        .withBody("{\"code\":403,\"reason\":\"Forbidden\",\"message\":\"nodes is forbidden\"}");
  }

  private void ready(int status) {
    server.stubFor(get(urlPathEqualTo("/readyz")).willReturn(aResponse().withStatus(status)));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500})
  void refusalByAStartingServerIsNoLackOfPermission(int readyz) throws ApiException {
    ready(readyz);
    answers.add(forbidden(), list("10", ""));

    source().list(from("0"));

    ApiFailure why = recorder.failures.get(0);
    assertFalse(why.denied());
    assertTrue(why.mayPass());
    assertEquals("the API server is starting (HTTP 403: nodes is forbidden)", why.message());
    assertEquals("", why.advice());
  }

  @Test
  void refusalByAReadyServerIsLackOfPermission() throws ApiException {
    ready(200);
    answers.add(forbidden(), list("10", ""));

    source().list(from("0"));

    assertTrue(recorder.failures.get(0).denied());
  }

  @Test
  void lastingRefusalIsLackOfPermissionWithoutReadiness() throws ApiException {
    ready(403);
    answers.add(forbidden(), forbidden(), forbidden(), list("10", ""));
    pauses.onSleep = () -> pauses.time.advance(Duration.ofSeconds(16));

    source().list(from("0"));

    assertEquals(
        List.of(false, false, true), recorder.failures.stream().map(ApiFailure::denied).toList());
  }

  @Test
  void refusalOfAWatchByAStartingServerIsNoLackOfPermission() {
    ready(500);
    answers.add(forbidden(), ok(event("ADDED", "a", "11")));

    assertEquals("ADDED a", describe(source().watch(from("10")).next()));
    assertFalse(recorder.failures.get(0).denied());
  }

  @Test
  void watchCutWithinAnEventResumesFromTheLastCompleteEvent() {
    String whole = event("ADDED", "a", "11");
    answers.add(
        ok(whole + event("MODIFIED", "b", "12").substring(0, 60)),
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
        ok(event("MODIFIED", "b", "12")));
    Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

    assertEquals("ADDED a", describe(watch.next()));
    assertEquals("MODIFIED b", describe(watch.next()));

    server.verify(
        1,
        getRequestedFor(urlPathEqualTo(NODES))
            .withQueryParam("resourceVersion", equalTo("10"))
            .withQueryParam("watch", equalTo("true"))
            .withQueryParam("allowWatchBookmarks", equalTo("true")));
    server.verify(
        3, getRequestedFor(urlPathEqualTo(NODES)).withQueryParam("resourceVersion", equalTo("11")));
    server.verify(0, getRequestedFor(urlPathEqualTo(NODES)).withQueryParam("watch", absent()));
  }

  @Test
  void bookmarkMovesTheVersionToResumeFrom() {
    answers.add(
        ok(
            "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Node\",\"metadata\":{\"name\":\"\",\"resourceVersion\":\"99\"},\"spec\":{\"containers\":null}}}\n"),
        ok(event("DELETED", "a", "100")));

    assertEquals("DELETED a", describe(source().watch(from("10")).next()));
    server.verify(
        1, getRequestedFor(urlPathEqualTo(NODES)).withQueryParam("resourceVersion", equalTo("99")));
    assertEquals(2, recorder.heard, "a bookmark is a sign of life");
  }

  @Test
  void eventWithItsTypeLastIsRead() {
    answers.add(
        ok("{\"object\":" + Samples.node("a", "11") + ",\"later\":{\"x\":1},\"type\":\"ADDED\"}"));

    assertEquals("ADDED a", describe(source().watch(from("10")).next()));
  }

  @Test
  void onlyAnExpiredVersionReachesTheReflectorAndAlwaysWithAStatus() {
    for (ResponseDefinitionBuilder answer :
        List.of(
            aResponse().withStatus(410),
            aResponse().withStatus(410).withBody(GONE),
            ok("{\"type\":\"ERROR\",\"object\":" + GONE + "}"),
            ok("{\"type\":\"ERROR\",\"object\":{\"code\":410}}"),
            aResponse()
                .withStatus(504)
                .withBody(
                    "{\"reason\":\"Timeout\",\"message\":\"Too large resource version: 99\"}"))) {
      answers.reset();
      answers.add(answer);
      Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

      Watch.Response<SlimObject<NodeView>> event = watch.next();

      assertEquals("ERROR 410", describe(event));
      assertEquals("Expired", event.status.getReason());
      assertFalse(watch.hasNext(), "nothing follows it");
    }
    assertEquals(5, recorder.expirations);
  }

  @Test
  void errorEventOfAnotherKindIsResumed() {
    answers.add(
        ok("{\"type\":\"ERROR\",\"object\":{\"code\":500,\"message\":\"decoding failed\"}}"),
        ok("{\"type\":\"ERROR\",\"object\":null}"),
        ok("{\"type\":\"ERROR\"}"),
        aResponse().withStatus(500),
        ok("not json"),
        ok(event("ADDED", "a", "11")));

    assertEquals("ADDED a", describe(source().watch(from("10")).next()));
    assertEquals(5, recorder.failures.size());
  }

  @Test
  void shortWatchesBackOff() {
    answers.add(ok(""));
    SlimListerWatcher<NodeView> source = source();
    pauses.onSleep =
        () -> {
          if (pauses.slept().compareTo(Duration.ofMinutes(2)) > 0) {
            source.close();
          }
        };

    assertFalse(source.watch(from("10")).hasNext());

    int calls = server.findAll(getRequestedFor(urlPathEqualTo(NODES))).size();
    assertTrue(calls >= 3 && calls <= 10, calls + " watches in two minutes");
    assertTrue(pauses.sleeps.get(0).compareTo(Duration.ofMillis(800)) >= 0, "the first pause");
    for (Duration pause : pauses.sleeps) {
      assertTrue(pause.compareTo(Duration.ofSeconds(30)) <= 0, "the longest pause " + pause);
    }
  }

  @Test
  void repeatedlyExpiringWatchBacksOff() throws ApiException {
    server.stubFor(nodes().willReturn(list("10", "")));
    server.stubFor(
        nodes().withQueryParam("watch", equalTo("true")).willReturn(aResponse().withStatus(410)));
    SlimListerWatcher<NodeView> source = source();

    for (int round = 0; round < 6; round++) {
      source.list(from("10"));
      assertEquals("ERROR 410", describe(source.watch(from("10")).next()));
    }

    assertEquals(4, pauses.sleeps.size(), "the first two lists come at once, the others wait");
    assertTrue(pauses.sleeps.get(3).compareTo(pauses.sleeps.get(0)) > 0, "longer and longer");
  }

  @Test
  void longWatchIsResumedAtOnce() {
    answers.add(ok(event("ADDED", "a", "11")), ok(event("ADDED", "b", "12")));
    Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

    assertEquals("ADDED a", describe(watch.next()));
    pauses.time.advance(Duration.ofMinutes(6));
    assertEquals("ADDED b", describe(watch.next()));

    assertEquals(List.of(), recorder.failures, "the server's timeout is no failure");
    assertTrue(pauses.slept().compareTo(Duration.ofMillis(100)) <= 0, "jitter: " + pauses.sleeps);
  }

  @Test
  void watchesWithEventsAreResumedAtOnce() {
    answers.add(
        ok(event("ADDED", "a", "11")),
        ok(event("ADDED", "b", "12") + event("ADDED", "c", "13").substring(0, 40)),
        ok(event("ADDED", "c", "13") + "{\"type\":\"ERROR\",\"object\":{\"code\":500}}"),
        ok(event("ADDED", "d", "14")),
        ok(event("ADDED", "e", "15")));
    Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

    for (String name : List.of("a", "b", "c", "d", "e")) {
      assertEquals("ADDED " + name, describe(watch.next()));
    }

    assertEquals(List.of(), recorder.failures, "a server ends watches that read too slowly");
    assertEquals(4, recorder.ends.size());
    assertTrue(pauses.sleeps.get(0).compareTo(Duration.ofMillis(100)) <= 0, "at once");
    for (Duration pause : pauses.sleeps) {
      assertTrue(pause.compareTo(Duration.ofMillis(500)) <= 0, "the longest pause " + pause);
    }
  }

  @Test
  void cleanlyEndedEmptyWatchesAreResumedAtOnce() {
    answers.add(
        ok("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"10\"}}}\n"),
        ok(event("ADDED", "a", "11")));
    SlimListerWatcher<NodeView> source = source();
    recorder.onHeard = () -> pauses.time.advance(Duration.ofSeconds(2));

    assertEquals("ADDED a", describe(source.watch(from("10")).next()));

    assertEquals(List.of(), recorder.failures, "the server restarts, or rotates its watches");
    assertTrue(pauses.slept().compareTo(Duration.ofMillis(100)) <= 0, "jitter: " + pauses.sleeps);
  }

  @Test
  void watchesThatEndAfterEachEventNeverSpin() {
    answers.add(
        IntStream.range(11, 40)
            .mapToObj(version -> ok(event("MODIFIED", "a", Integer.toString(version))))
            .toArray(ResponseDefinitionBuilder[]::new));
    Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

    for (int version = 11; version < 40; version++) {
      watch.next();
    }

    assertEquals(28, pauses.sleeps.size());
    for (Duration pause : pauses.sleeps.subList(3, 28)) {
      assertTrue(pause.compareTo(Duration.ofMillis(250)) >= 0, "a pause of " + pause);
    }
  }

  @Test
  void watchesThatRepeatTheSameEventBackOff() {
    for (String same :
        List.of(
            event("MODIFIED", "a", "11"),
            "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"10\"}}}\n")) {
      answers.reset();
      pauses.sleeps.clear();
      answers.add(ok(same));
      SlimListerWatcher<NodeView> source = source();
      pauses.onSleep =
          () -> {
            if (pauses.slept().compareTo(Duration.ofMinutes(2)) > 0) {
              source.close();
            }
          };

      Watchable<SlimObject<NodeView>> watch = source.watch(from("10"));
      while (watch.hasNext()) {
        watch.next();
      }

      int calls = server.findAll(getRequestedFor(urlPathEqualTo(NODES))).size();
      assertTrue(calls >= 3 && calls <= 12, calls + " watches in two minutes of " + same);
    }
  }

  @Test
  void silentConnectionIsCutAndResumed() {
    answers.add( // The head of the reply and half an event, and then nothing.
        ok(event("ADDED", "a", "11") + event("ADDED", "b", "12"))
            .withChunkedDribbleDelay(2, 120_000),
        ok(event("ADDED", "a", "11")));

    assertEquals("ADDED a", describe(source(Duration.ofMillis(800)).watch(from("10")).next()));
    assertTrue(
        recorder.failures.get(0).message().startsWith("no answer in time"),
        recorder.failures.toString());
    server.verify(0, getRequestedFor(urlPathEqualTo(NODES)).withQueryParam("watch", absent()));
  }

  @Test
  void closingEndsTheWaitForAnEvent() throws InterruptedException {
    answers.add(ok("x").withFixedDelay(60_000));
    SlimListerWatcher<NodeView> source = source();
    List<Boolean> results = new ArrayList<>();
    Thread reader = new Thread(() -> results.add(source.watch(from("10")).hasNext()));
    reader.start();
    awaitRequests(1);

    source.close();
    reader.join(20_000);

    assertEquals(List.of(false), results);
    assertThrows(ApiException.class, () -> source.list(from("0")), "no list after the end either");
  }

  private void awaitRequests(int count) throws InterruptedException {
    for (int i = 0; i < 400; i++) {
      if (server.findAll(getRequestedFor(urlPathEqualTo(NODES))).size() >= count) {
        return;
      }
      Thread.sleep(25);
    }
    throw new AssertionError("the watch was never opened");
  }
}
