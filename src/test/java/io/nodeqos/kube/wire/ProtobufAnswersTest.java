// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakePauses;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ResourcePath;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.codec.Samples;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.informer.NothingKnown;
import io.nodeqos.kube.informer.RecordingObserver;
import io.nodeqos.kube.informer.SlimListerWatcher;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.Encoding;
import io.nodeqos.kube.watch.SlimList;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers of a server with protobuf to a list and a watch. */
class ProtobufAnswersTest {
  private static final String NODES = "/api/v1/nodes";
  private static final String ACCEPT = "application/vnd.kubernetes.protobuf,application/json";
  private static final String LATER_TAINT =
      "{\"key\":\"example.com/a\",\"effect\":\"NoSchedule\",\"later\":\"kept\"}";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final FakePauses pauses = new FakePauses();
  private final RecordingObserver recorder = new RecordingObserver();
  private final ProtobufModel model = new ProtobufModel();
  private final TestServers.Answers answers = new TestServers.Answers(server, NODES);

  private SlimListerWatcher<NodeView> source() {
    return new SlimListerWatcher<>(
        TestClients.watch(directory, server.baseUrl()),
        CacheSource.nodes(new Interning(), Set.of()),
        TestClients.settings(Duration.ofSeconds(20)).cache(),
        pauses.pauses(),
        recorder,
        new NothingKnown<>());
  }

  private static MappingBuilder nodes() {
    return get(urlPathEqualTo(NODES));
  }

  private static ResponseDefinitionBuilder protobuf(int status, byte[] body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/vnd.kubernetes.protobuf")
        .withBody(body);
  }

  private static ResponseDefinitionBuilder watch(byte[]... frames) {
    ProtobufBytes body = new ProtobufBytes();
    Stream.of(frames).forEach(body::raw);
    return aResponse()
        .withHeader("Content-Type", "application/vnd.kubernetes.protobuf;stream=watch")
        .withBody(body.toBytes());
  }

  private static ResponseDefinitionBuilder refusal(int code, String reason, String message) {
    return protobuf(
        code, ProtobufBytes.envelope("Status", ProtobufBytes.status(code, reason, message, 9)));
  }

  private byte[] node(String name, String version) {
    return model.encode(
        "Node", JsonParser.parseString(Samples.node(name, version)).getAsJsonObject());
  }

  /** A Node whose taint has a field of a later version. */
  private static byte[] laterNode(String version) {
    return new ProtobufBytes()
        .message(1, new ProtobufBytes().string(1, "a").string(6, version))
        .message(
            2,
            new ProtobufBytes()
                .message(
                    5,
                    new ProtobufBytes()
                        .string(1, "example.com/a")
                        .string(3, "NoSchedule")
                        .string(5, "kept")))
        .toBytes();
  }

  private static String laterJson(String version) {
    return "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"%s\"},\"spec\":{\"taints\":[%s]}}"
        .formatted(version, LATER_TAINT);
  }

  private byte[] event(String type, String name, String version) {
    return ProtobufBytes.frame(type, "Node", node(name, version));
  }

  private static byte[] list(String version, String next, byte[]... items) {
    return ProtobufBytes.list("NodeList", version, next, items);
  }

  private static CallGeneratorParams from(String resourceVersion) {
    return new CallGeneratorParams(true, resourceVersion, 300);
  }

  private static List<String> names(SlimList<NodeView> list) {
    return list.getItems().stream().map(o -> o.getMetadata().getName()).toList();
  }

  private static String describe(Watch.Response<SlimObject<NodeView>> event) {
    return event.object == null
        ? event.type + " " + event.status.getCode() + " " + event.status.getMessage()
        : event.type + " " + event.object.getMetadata().getName();
  }

  private void verify(int count, String accept, String watch) {
    server.verify(
        count,
        getRequestedFor(urlPathEqualTo(NODES))
            .withQueryParam("watch", watch == null ? absent() : equalTo(watch))
            .withHeader("Accept", accept == null ? absent() : equalTo(accept)));
  }

  @Test
  void listOfSeveralPagesIsPassedOnAsAWhole() throws ApiException {
    answers.add(
        protobuf(200, list("10", "c1", node("a", "1"), node("b", "2"))),
        protobuf(200, list("10", "", node("c", "3"))));

    SlimList<NodeView> list = source().list(from("0"));

    assertEquals(List.of("a", "b", "c"), names(list));
    assertEquals("10", list.getMetadata().getResourceVersion());
    verify(2, ACCEPT, null);
  }

  @Test
  void emptyListIsDecodedAsAList() throws ApiException {
    answers.add(protobuf(200, list("10", "")));

    assertEquals(List.of(), names(source().list(from("0"))));
    assertEquals(List.of(), recorder.failures);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedListIsReadAsJsonForAnHour(byte[] answer, String why) throws ApiException {
    stubBoth(protobuf(200, answer));
    SlimListerWatcher<NodeView> source = source();

    try (CapturedLog log = CapturedLog.of(Encoding.class)) {
      assertEquals(List.of("c"), names(source.list(from("0"))), "nothing of the first answer");
      assertEquals(List.of("c"), names(source.list(from("0"))));

      assertEquals(1, log.warnings().size());
      assertTrue(
          log.warnings().get(0).startsWith("Reading nodes as JSON for an hour")
              && log.warnings().get(0).contains(why),
          log.warnings().toString());
    }
    verify(1, ACCEPT, null);
    verify(2, null, null);
    assertEquals(List.of(), recorder.failures, "that is no failure");
    pauses.time.advance(Duration.ofHours(1));
    answers.reset();
    answers.add(protobuf(200, list("20", "", node("d", "4"))));
    assertEquals(List.of("d"), names(source.list(from("0"))));
    verify(1, ACCEPT, null);
  }

  static Stream<Arguments> malformed() {
    ProtobufModel model = new ProtobufModel();
    byte[] node =
        model.encode("Node", JsonParser.parseString(Samples.node("a", "1")).getAsJsonObject());
    return Stream.of(
        Arguments.of("<html>".getBytes(StandardCharsets.UTF_8), "without the bytes \"k8s\""),
        Arguments.of(ProtobufBytes.envelope("Node", node), "expected a list but found a \"Node\""),
        Arguments.of(list("", "", node), "a list without version or items"),
        Arguments.of(list("10", "", new byte[0]), "an object without metadata.name"));
  }

  /** A server, or a proxy before it, that breaks answers other than JSON. */
  private void stubBoth(ResponseDefinitionBuilder spoilt) {
    server.stubFor(nodes().withHeader("Accept", equalTo(ACCEPT)).willReturn(spoilt));
    server.stubFor(
        nodes()
            .withHeader("Accept", absent())
            .willReturn(
                ok(
                    "{\"metadata\":{\"resourceVersion\":\"20\"},\"items\":["
                        + Samples.node("c", "3")
                        + "]}")));
  }

  @Test
  void listCutTwiceIsReadAsJson() throws ApiException {
    byte[] whole = list("10", "", node("a", "1"), node("b", "2"), node("c", "3"));
    byte[] mangled = new String(whole, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    for (byte[] answer : List.of(Arrays.copyOf(whole, whole.length - 20), mangled)) {
      answers.reset();
      recorder.failures.clear();
      stubBoth(protobuf(200, answer));

      assertEquals(List.of("c"), names(source().list(from("0"))));
      verify(2, ACCEPT, null);
      assertEquals(1, recorder.failures.size(), "the first may be a connection that was cut");
    }
  }

  @Test
  void malformedEventIsReadAgainAsJsonFromTheLastVersion() {
    server.stubFor(
        nodes()
            .withQueryParam("resourceVersion", equalTo("10"))
            .willReturn(
                watch(
                    event("ADDED", "b", "11"),
                    ProtobufBytes.frame(new ProtobufBytes().string(1, "ADDED").toBytes()))));
    server.stubFor(
        nodes()
            .withQueryParam("resourceVersion", equalTo("11"))
            .withHeader("Accept", absent())
            .willReturn(ok("{\"type\":\"MODIFIED\",\"object\":" + Samples.node("b", "12") + "}")));
    Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

    assertEquals("ADDED b", describe(watch.next()));
    assertEquals("MODIFIED b", describe(watch.next()));
    assertEquals(List.of(), recorder.failures, "that is no failure");
  }

  @Test
  void eventsAndBookmarksMoveTheVersionAndACutFrameIsReadAgain() {
    byte[] second = event("MODIFIED", "b", "12");
    byte[] bookmark = new ProtobufBytes().message(1, new ProtobufBytes().string(6, "13")).toBytes();
    answers.add(
        watch(event("ADDED", "a", "11"), Arrays.copyOf(second, second.length - 1)),
        watch(second, ProtobufBytes.frame("BOOKMARK", "Node", bookmark), new byte[] {0, 0}),
        watch(
            ProtobufBytes.frame("OF_THE_FUTURE", "Node", new byte[0]),
            event("DELETED", "a", "14"),
            ProtobufBytes.frame(
                "ERROR", "Status", ProtobufBytes.status(410, "Expired", "too old", 0))));
    Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

    assertEquals("ADDED a", describe(watch.next()));
    assertEquals("MODIFIED b", describe(watch.next()));
    assertEquals("DELETED a", describe(watch.next()));
    assertEquals("ERROR 410 expired (410)", describe(watch.next()));
    assertEquals(2, recorder.ends.size(), "the two that were cut");
    assertEquals(List.of(), recorder.failures, "both had brought something");
    for (String version : List.of("10", "11", "13")) {
      server.verify(
          1,
          getRequestedFor(urlPathEqualTo(NODES))
              .withQueryParam("resourceVersion", equalTo(version))
              .withHeader("Accept", equalTo(ACCEPT)));
    }
  }

  @Test
  void refusalInProtobufIsDecoded() throws ApiException {
    answers.add(
        refusal(403, "Forbidden", "nodes is forbidden"),
        refusal(429, "TooManyRequests", "slow down"),
        protobuf(500, new byte[] {1, 2, 3}),
        protobuf(200, list("10", "")));

    source().list(from("0"));

    assertEquals(
        List.of("HTTP 403: nodes is forbidden", "HTTP 429: slow down", "HTTP 500: Server Error"),
        recorder.failures.stream().map(ApiFailure::message).toList());
    assertEquals(Duration.ofSeconds(9), recorder.failures.get(1).retryAfter());
  }

  @Test
  void expiredVersionIsDecoded() {
    answers.add(refusal(410, "Expired", "too old resource version"));

    assertEquals("ERROR 410 expired (410)", describe(source().watch(from("10")).next()));
  }

  @Test
  void listWithAnUnknownTaintFieldIsReadAsJsonFromThenOn() throws ApiException {
    server.stubFor(
        nodes()
            .withHeader("Accept", equalTo(ACCEPT))
            .willReturn(protobuf(200, list("10", "", node("b", "1"), laterNode("2")))));
    server.stubFor(
        nodes()
            .withHeader("Accept", absent())
            .willReturn(
                ok(
                    "{\"metadata\":{\"resourceVersion\":\"11\"},\"items\":["
                        + laterJson("2")
                        + "]}")));
    SlimListerWatcher<NodeView> source = source();

    try (CapturedLog log = CapturedLog.of(Encoding.class)) {
      SlimList<NodeView> list = source.list(from("0"));
      source.list(from("0"));

      assertEquals(List.of("a"), names(list), "nothing of the first answer is in it");
      assertEquals(List.of(LATER_TAINT), taints(list.getItems().get(0).view()));
      assertEquals(
          List.of(
              "Reading nodes as JSON from now on: the field 5 of a Taint is not known to this version"),
          log.infos());
    }
    verify(1, ACCEPT, null);
    verify(2, null, null);
    assertEquals(List.of(), recorder.failures, "that is no failure");
    assertEquals(List.of(), pauses.sleeps);
  }

  @Test
  void eventWithAnUnknownTaintFieldIsReadAgainAsJson() {
    server.stubFor(
        nodes()
            .withQueryParam("resourceVersion", equalTo("10"))
            .willReturn(
                watch(
                    event("ADDED", "b", "11"),
                    ProtobufBytes.frame("MODIFIED", "Node", laterNode("12")))));
    server.stubFor(
        nodes()
            .withQueryParam("resourceVersion", equalTo("11"))
            .withHeader("Accept", absent())
            .willReturn(ok("{\"type\":\"MODIFIED\",\"object\":" + laterJson("12") + "}")));
    Watchable<SlimObject<NodeView>> watch = source().watch(from("10"));

    assertEquals("ADDED b", describe(watch.next()));
    Watch.Response<SlimObject<NodeView>> later = watch.next();

    assertEquals("MODIFIED a", describe(later));
    assertEquals(List.of(LATER_TAINT), taints(later.object.view()));
    assertEquals(List.of(), recorder.failures, "that is no failure");
  }

  private static List<String> taints(NodeView node) {
    return node.taints().stream().map(Taint::json).toList();
  }

  @Test
  void serverThatAnswersOnlyInProtobufIsNotAskedInALoop() throws ApiException {
    answers.add(
        protobuf(200, list("10", "", laterNode("1"))),
        protobuf(200, list("10", "", laterNode("1"))),
        protobuf(200, list("10", "", laterNode("1"))),
        protobuf(200, list("11", "", node("a", "2"))));

    assertEquals(List.of("a"), names(source().list(from("0"))));
    assertEquals(2, recorder.failures.size(), "from the second on with pauses");
    assertTrue(
        recorder.failures.get(0).message().contains("the field 5 of a Taint"),
        recorder.failures.toString());
  }

  @Test
  void policiesAreRequestedAsJson() throws ApiException {
    server.stubFor(
        get(urlPathEqualTo(ResourcePath.POLICIES))
            .willReturn(ok("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}")));

    new SlimListerWatcher<>(
            TestClients.watch(directory, server.baseUrl()),
            CacheSource.policies(),
            TestClients.settings(Duration.ofSeconds(20)).cache(),
            pauses.pauses(),
            recorder,
            new NothingKnown<>())
        .list(from("0"));

    server.verify(
        getRequestedFor(urlPathEqualTo(ResourcePath.POLICIES)).withHeader("Accept", absent()));
  }
}
