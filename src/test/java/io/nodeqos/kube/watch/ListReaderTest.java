// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.codec.Samples;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.NodeView;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListReaderTest {
  private static final String NODES = "/api/v1/nodes";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final FakeTime time = new FakeTime();
  private final List<Duration> slept = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private final TestServers.Answers answers = new TestServers.Answers(server, NODES);

  private ListReader reader() {
    return new ListReader(
        TestClients.watch(directory, server.baseUrl()),
        TestClients.settings(Duration.ofSeconds(20)).cache(),
        new Pauses(time.source(), slept::add, () -> 0),
        (list, objects) -> progress.add(list + " " + objects));
  }

  private List<String> read() throws IOException {
    return reader()
        .read(
            CacheSource.nodes(new Interning(), Set.of()),
            node -> {
              time.advance(Duration.ofMillis(700));
              return !node.name().equals("unwanted");
            })
        .stream()
        .map(NodeView::name)
        .toList();
  }

  private static ResponseDefinitionBuilder list(String next, String... nodes) {
    return ok(
        "{\"kind\":\"NodeList\",\"metadata\":{\"resourceVersion\":\"10\",\"continue\":\"%s\"},\"items\":[%s]}"
            .formatted(next, String.join(",", nodes)));
  }

  @Test
  void pagesAreReadAndOnlyWantedViewsAreKept() throws IOException {
    answers.add(
        list("c1", Samples.node("a", "1"), Samples.node("unwanted", "2")),
        list("", Samples.node("b", "3")));

    assertEquals(List.of("a", "b"), read());
    assertEquals(List.of("nodes 3"), progress, "the third object came after two seconds");
  }

  @Test
  void overloadedServerIsAskedAgainForTheWholeList() throws IOException {
    answers.add(
        list("c1", Samples.node("a", "1")),
        aResponse().withStatus(429).withHeader("Retry-After", "7"),
        aResponse().withStatus(503),
        list("", Samples.node("b", "3")));

    assertEquals(List.of("b"), read(), "nothing of the first answer is left");
    assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(1)), slept);
  }

  @Test
  void refusalIsFinal() {
    answers.add(aResponse().withStatus(403).withBody("{\"kind\":\"Status\",\"message\":\"no\"}"));

    ApiRefusal refusal = assertThrows(ApiRefusal.class, this::read);

    assertEquals("HTTP 403: no", refusal.failure().message());
    server.verify(1, getRequestedFor(urlPathEqualTo(NODES)));
    assertEquals(List.of(), slept);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailureOfTheSinkIsFinalAndNotThatOfTheServer(boolean atItsStart) {
    answers.add(list("", Samples.node("a", "1"), Samples.node("b", "2")));
    IOException full = new IOException("No space left on device");
    ListReader.Sink<NodeView> sink =
        new ListReader.Sink<>() {
          @Override
          public void restart() throws IOException {
            if (atItsStart) {
              throw full;
            }
          }

          @Override
          public void add(NodeView view) throws IOException {
            throw full;
          }
        };

    SinkException failure =
        assertThrows(
            SinkException.class,
            () -> reader().stream(CacheSource.nodes(new Interning(), Set.of()), sink));

    assertEquals(full, failure.failure());
    server.verify(atItsStart ? 0 : 1, getRequestedFor(urlPathEqualTo(NODES)));
    assertEquals(List.of(), slept);
  }

  @Test
  void serverThatStaysOverloadedFails() {
    answers.add(aResponse().withStatus(500), aResponse().withStatus(503));

    ApiRefusal refusal = assertThrows(ApiRefusal.class, this::read);

    assertEquals(503, refusal.failure().code());
    server.verify(4, getRequestedFor(urlPathEqualTo(NODES)));
  }
}
