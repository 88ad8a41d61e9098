// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.Happenings;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.events.EventReply.Outcome;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventClientTest {
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final EventSeries series =
      new EventSeries(
          "n1.00000000000000ff",
          EventDraft.of(Happenings.warm("n1")).orElseThrow(),
          System.nanoTime());

  private EventClient client(Fence fence, String podName) {
    return new EventClient(
        TestClients.write(directory, server.baseUrl(), fence), podName, TimeSource.system());
  }

  private EventReply create() {
    return client(new OpenFence(), "pod-0").create(series.write());
  }

  private void answer(ResponseDefinitionBuilder answer) {
    server.stubFor(any(anyUrl()).willReturn(answer));
  }

  @Test
  void newEventIsPostedWithAllRequiredFields() {
    answer(aResponse().withStatus(201).withBody("{}"));

    assertEquals(EventReply.WRITTEN, create());

    server.verify(
        1,
        postRequestedFor(urlPathEqualTo(EVENTS))
            .withHeader("Content-Type", equalTo("application/json"))
            .withHeader("Authorization", equalTo("Bearer s3cret"))
            .withRequestBody(
                equalToJson(
                    """
                    {"apiVersion": "events.k8s.io/v1", "kind": "Event",
                     "metadata": {"name": "n1.00000000000000ff", "namespace": "default"},
                     "eventTime": "2026-11-03T10:00:00.123456Z",
                     "reportingController": "nodeqos.io/node-qos-controller",
                     "reportingInstance": "pod-0",
                     "action": "WarmUp", "reason": "WarmedUp", "type": "Normal",
                     "regarding": {"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "uid-n1"},
                     "related": {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
                       "name": "base", "uid": "uid-base"},
                     "note": "The node became warm after 30s. All gates are open."}
                    """)));
  }

  @Test
  void repetitionIsAMergePatchOfTheSeries() {
    answer(aResponse().withStatus(200).withBody("{}"));
    series.created();
    series.observedAgain(Happenings.AT.plusSeconds(1), System.nanoTime());

    assertEquals(EventReply.WRITTEN, client(new OpenFence(), "pod-0").patchSeries(series.write()));

    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo(EVENTS + "/n1.00000000000000ff"))
            .withHeader("Content-Type", equalTo("application/merge-patch+json"))
            .withRequestBody(
                equalToJson(
                    """
                    {"series": {"count": 2, "lastObservedTime": "2026-11-03T10:00:01.123456Z"}}
                    """)));
  }

  @Test
  void podNameIsCutToTheLimitOfReportingInstance() {
    answer(aResponse().withStatus(201));
    client(new OpenFence(), "p".repeat(200)).create(series.write());
    server.verify(
        1,
        postRequestedFor(anyUrl())
            .withRequestBody(
                equalToJson("{\"reportingInstance\": \"" + "p".repeat(128) + "\"}", true, true)));
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(aResponse().withStatus(429).withHeader("Retry-After", "7"), "THROTTLED", 7),
        Arguments.of(
            aResponse().withStatus(503).withBody("{\"details\":{\"retryAfterSeconds\":4}}"),
            "THROTTLED",
            4),
        Arguments.of(aResponse().withStatus(500), "UNAVAILABLE", 0),
        Arguments.of(aResponse().withStatus(504), "UNAVAILABLE", 0),
        Arguments.of(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), "UNAVAILABLE", 0),
        Arguments.of(aResponse().withFault(Fault.EMPTY_RESPONSE), "UNAVAILABLE", 0),
        Arguments.of(aResponse().withStatus(401), "FORBIDDEN", 0),
        Arguments.of(aResponse().withStatus(403), "FORBIDDEN", 0),
        Arguments.of(
            aResponse()
                .withStatus(403)
                .withBody(
                    "{\"message\":\"unable to create new content in namespace default because it is"
                        + " being terminated\"}"),
            "REJECTED",
            0),
        Arguments.of(
            aResponse()
                .withStatus(403)
                .withBody(
                    "{\"message\":\"admission webhook \\\"w.example.com\\\" denied the request: no\"}"),
            "REJECTED",
            0),
        Arguments.of(
            aResponse()
                .withStatus(403)
                .withBody("{\"message\":\"events \\\"e\\\" is forbidden: exceeded quota: few\"}"),
            "REJECTED",
            0),
        Arguments.of(
            aResponse()
                .withStatus(403)
                .withBody("{\"message\":\"User \\\"u\\\" cannot create resource \\\"events\\\"\"}"),
            "FORBIDDEN",
            0),
        Arguments.of(aResponse().withStatus(400), "REJECTED", 0),
        Arguments.of(aResponse().withStatus(404), "REJECTED", 0),
        Arguments.of(aResponse().withStatus(409), "WRITTEN", 0),
        Arguments.of(aResponse().withStatus(422), "REJECTED", 0));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void eachAnswerHasItsMeaning(ResponseDefinitionBuilder answer, Outcome outcome, int seconds) {
    answer(answer);

    EventReply reply = create();

    assertEquals(outcome, reply.outcome(), reply.message());
    assertEquals(Duration.ofSeconds(seconds), reply.retryAfter());
  }

  @Test
  void standbySendsNothing() {
    Fence closed =
        new Fence() {
          @Override
          public boolean isOpen() {
            return false;
          }

          @Override
          public void check() throws FencedException {
            throw new FencedException("closed by the test");
          }

          @Override
          public long epoch() {
            return 0;
          }
        };

    assertEquals(Outcome.NOT_LEADING, client(closed, "pod-0").create(series.write()).outcome());

    server.verify(0, anyRequestedFor(anyUrl()));
  }
}
