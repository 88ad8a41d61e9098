// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import io.nodeqos.fixture.FakePauses;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.KubeSettings.WriteRate;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.kube.codec.Samples;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeWriter.ReadResult;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NodePatcherTest {
  private static final NodeView.Meta BASE =
      new NodeView.Meta("n1", "uid-1", "41", Instant.EPOCH, false, Instant.EPOCH);
  private static final MetadataChange LABEL =
      new MetadataChange(
          Map.of("nodeqos.io/warmed-up", "true"), Set.of(), Map.of(), Set.of(), Optional.empty());
  private static final String WRITTEN =
      "{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"n1\",\"resourceVersion\":\"42\"}}";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final FakePauses pauses = new FakePauses();
  private final TestFence fence = new TestFence();
  private WriteLimiter limiter;
  private NodePatcher patcher;

  @BeforeEach
  void connect() {
    limiter = new WriteLimiter(new WriteRate(100, 10), pauses.time.source());
    patcher = patcher(server.baseUrl());
  }

  private NodePatcher patcher(String url) {
    return new NodePatcher(
        TestClients.write(directory, url, fence), limiter, Set.of(), pauses.pauses());
  }

  private void answer(ResponseDefinitionBuilder answer) {
    server.stubFor(any(anyUrl()).willReturn(answer));
  }

  @Test
  void metadataIsOneMergePatchWithTheDecidedVersion() {
    answer(ok(WRITTEN));
    MetadataChange change =
        new MetadataChange(
            Map.of("nodeqos.io/warmed-up", "true"),
            Set.of("nodeqos.io/images"),
            Map.of("nodeqos.io/config", "{\"a\":\"<b>\"}"),
            Set.of("nodeqos.io/warmed-up-at"),
            Optional.of(
                List.of(
                    new Taint(
                        "x",
                        "",
                        "NoSchedule",
                        "{\"key\":\"x\",\"effect\":\"NoSchedule\",\"later\":[1]}"))));

    assertEquals(new WriteResult.Ok("42"), patcher.patchMetadata(BASE, change));

    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo("/api/v1/nodes/n1"))
            .withHeader("Content-Type", equalTo("application/merge-patch+json"))
            .withHeader("Accept", containing("as=PartialObjectMetadata"))
            .withHeader("Authorization", equalTo("Bearer s3cret"))
            .withRequestBody(
                equalToJson(
                    """
                    {"metadata":{"resourceVersion":"41",
                      "labels":{"nodeqos.io/warmed-up":"true","nodeqos.io/images":null},
                      "annotations":{"nodeqos.io/config":"{\\"a\\":\\"<b>\\"}","nodeqos.io/warmed-up-at":null}},
                     "spec":{"taints":[{"key":"x","effect":"NoSchedule","later":[1]}]}}
                    """)));
  }

  @Test
  void patchHasNoUnchangedFields() {
    answer(ok(WRITTEN));

    patcher.patchMetadata(BASE, LABEL);

    server.verify(
        1,
        patchRequestedFor(anyUrl())
            .withRequestBody(
                equalToJson(
                    "{\"metadata\":{\"resourceVersion\":\"41\",\"labels\":{\"nodeqos.io/warmed-up\":\"true\"}}}")));
  }

  @Test
  void lastTaintIsRemovedByNull() {
    answer(ok(WRITTEN));

    patcher.patchMetadata(
        BASE, new MetadataChange(Map.of(), Set.of(), Map.of(), Set.of(), Optional.of(List.of())));

    server.verify(
        1,
        patchRequestedFor(anyUrl())
            .withRequestBody(
                equalToJson(
                    "{\"metadata\":{\"resourceVersion\":\"41\"},\"spec\":{\"taints\":null}}")));
  }

  @Test
  void statusIsAStrategicMergePatchOfOwnFields() {
    answer(ok(WRITTEN));
    StatusChange change =
        new StatusChange(
            Optional.of(
                new NodeCondition(
                    "nodeqos.io/WarmedUp",
                    "False",
                    "ImagesMissing",
                    "2 images are missing",
                    Instant.parse("2026-11-03T09:00:00.5Z"))),
            Map.of("nodeqos.io/gold-cpu", Quantity.of(4000)),
            Set.of("nodeqos.io/old-cpu"));

    assertEquals(new WriteResult.Ok("42"), patcher.patchStatus(BASE, change));

    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo("/api/v1/nodes/n1/status"))
            .withHeader("Content-Type", equalTo("application/strategic-merge-patch+json"))
            .withRequestBody(
                equalToJson(
                    """
                    {"metadata":{"resourceVersion":"41"},
                     "status":{
                       "conditions":[{"type":"nodeqos.io/WarmedUp","status":"False",
                         "reason":"ImagesMissing","message":"2 images are missing",
                         "lastHeartbeatTime":"2026-11-03T10:00:00Z",
                         "lastTransitionTime":"2026-11-03T09:00:00Z"}],
                       "capacity":{"nodeqos.io/gold-cpu":"4k","nodeqos.io/old-cpu":null},
                       "allocatable":{"nodeqos.io/gold-cpu":"4k","nodeqos.io/old-cpu":null}}}
                    """)));
  }

  @Test
  void removedConditionIsDeletedByItsType() {
    answer(ok(WRITTEN));
    StatusChange change =
        new StatusChange(Optional.empty(), Map.of(), Set.of("nodeqos.io/old-cpu"), true);

    assertEquals(new WriteResult.Ok("42"), patcher.patchStatus(BASE, change));

    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo("/api/v1/nodes/n1/status"))
            .withRequestBody(
                equalToJson(
                    """
                    {"metadata":{"resourceVersion":"41"},
                     "status":{
                       "conditions":[{"type":"nodeqos.io/WarmedUp","$patch":"delete"}],
                       "capacity":{"nodeqos.io/old-cpu":null},
                       "allocatable":{"nodeqos.io/old-cpu":null}}}
                    """)));
  }

  @Test
  void replyWithAWholeNodeIsRead() {
    answer(ok(Samples.read("node.json")));

    assertEquals(new WriteResult.Ok("4711"), patcher.patchMetadata(BASE, LABEL));
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(aResponse().withStatus(409), WriteResult.Conflict.class, 0),
        Arguments.of(aResponse().withStatus(404), WriteResult.NotFound.class, 0),
        Arguments.of(
            aResponse().withStatus(429).withHeader("Retry-After", "3"),
            WriteResult.Retry.class,
            3000),
        Arguments.of(
            aResponse().withStatus(503).withBody("{\"details\":{\"retryAfterSeconds\":4}}"),
            WriteResult.Retry.class,
            4000),
        Arguments.of(aResponse().withStatus(500), WriteResult.Retry.class, 0),
        Arguments.of(aResponse().withStatus(504), WriteResult.Retry.class, 0),
        Arguments.of(aResponse().withStatus(401), WriteResult.Retry.class, 0),
        Arguments.of(
            aResponse()
                .withStatus(403)
                .withBody(
                    "{\"code\":403,\"message\":\"nodes n1 is forbidden: ValidatingAdmissionPolicy 'node-qos-controller-fence' with binding 'x' denied request: not the leader\"}"),
            WriteResult.Retry.class,
            110),
        Arguments.of(
            aResponse()
                .withStatus(422)
                .withBody(
                    "{\"message\":\"policy 'node-qos-controller-fence' is not configured: no params found\"}"),
            WriteResult.Retry.class,
            110),
        Arguments.of(
            aResponse().withStatus(403).withBody("{\"message\":\"forbidden by RBAC\"}"),
            WriteResult.Rejected.class,
            0),
        Arguments.of(aResponse().withStatus(400), WriteResult.Rejected.class, 0),
        Arguments.of(aResponse().withStatus(415), WriteResult.Rejected.class, 0),
        Arguments.of(aResponse().withStatus(422), WriteResult.Rejected.class, 0),
        Arguments.of(
            aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), WriteResult.Retry.class, 0),
        Arguments.of(
            aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK), WriteResult.Retry.class, 0),
        Arguments.of(ok("not json"), WriteResult.Retry.class, 0),
        Arguments.of(ok(""), WriteResult.Retry.class, 0),
        Arguments.of(ok("{\"kind\":\"Status\",\"metadata\":{}}"), WriteResult.Retry.class, 0));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void everyAnswerHasItsResult(
      ResponseDefinitionBuilder answer, Class<?> expected, long retryAfterMillis) {
    answer(answer);

    for (WriteResult result :
        List.of(
            patcher.patchMetadata(BASE, LABEL),
            afterPause(() -> patcher.patchStatus(BASE, StatusChange.NONE)))) {
      assertInstanceOf(expected, result, result.toString());
      if (result instanceof WriteResult.Retry retry) {
        assertEquals(Duration.ofMillis(retryAfterMillis), retry.retryAfter(), retry.reason());
        assertTrue(!retry.reason().isBlank(), "a reason for the log");
      }
    }
    server.verify(2, patchRequestedFor(anyUrl()));
  }

  private WriteResult afterPause(java.util.function.Supplier<WriteResult> write) {
    pauses.time.advance(Duration.ofSeconds(5));
    return write.get();
  }

  @Test
  void rejectionCarriesTheReason() {
    answer(
        aResponse()
            .withStatus(422)
            .withBody(
                "{\"code\":422,\"reason\":\"Invalid\",\"message\":\"Node is invalid:\\nspec.taints\"}"));

    assertEquals(
        new WriteResult.Rejected(422, "HTTP 422: Node is invalid: spec.taints."),
        patcher.patchMetadata(BASE, LABEL));
  }

  @ParameterizedTest
  @CsvSource({
    "'User u cannot patch resource nodes', true",
    "'admission webhook w.example.com denied the request: no', false",
    "'admission webhook w.example.com denied the request without explanation', false",
    "'ValidatingAdmissionPolicy p with binding b denied request: no', false"
  })
  void onlyAMissingPermissionComesWithAdviceAboutRbac(String words, boolean advice) {
    answer(aResponse().withStatus(403).withBody("{\"message\":\"" + words + "\"}"));

    assertEquals(
        new WriteResult.Rejected(
            403,
            "HTTP 403: " + words + (advice ? "; check the RBAC rules of this user" : "") + "."),
        patcher.patchMetadata(BASE, LABEL));
  }

  @Test
  void denialByTheFencePolicyIsTreatedAsLagForFiveSeconds() {
    answer(
        aResponse()
            .withStatus(403)
            .withBody("{\"message\":\"'node-qos-controller-fence' denied request\"}"));
    assertInstanceOf(WriteResult.Retry.class, patcher.patchMetadata(BASE, LABEL));
    pauses.time.advance(Duration.ofSeconds(5));
    assertInstanceOf(WriteResult.Retry.class, patcher.patchMetadata(BASE, LABEL));
    pauses.time.advance(Duration.ofMillis(100));
    assertInstanceOf(WriteResult.Rejected.class, patcher.patchMetadata(BASE, LABEL));
    pauses.time.advance(Duration.ofMinutes(1));
    assertInstanceOf(WriteResult.Rejected.class, patcher.patchMetadata(BASE, LABEL));

    answer(ok(WRITTEN));
    assertEquals(new WriteResult.Ok("42"), patcher.patchMetadata(BASE, LABEL));
    answer(
        aResponse()
            .withStatus(403)
            .withBody("{\"message\":\"'node-qos-controller-fence' denied request\"}"));
    assertInstanceOf(WriteResult.Retry.class, patcher.patchMetadata(BASE, LABEL));
  }

  @Test
  void nothingIsSentWhileTheFenceIsClosed() {
    answer(ok(WRITTEN));
    fence.closedBecause = "the Lease was lost";

    assertEquals(new WriteResult.Fenced("the Lease was lost"), patcher.patchMetadata(BASE, LABEL));
    assertEquals(
        new WriteResult.Fenced("the Lease was lost"), patcher.patchStatus(BASE, StatusChange.NONE));

    server.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void readsPassAClosedFence() {
    answer(ok(Samples.node("n1", "43")));
    fence.closedBecause = "this process does not lead";

    ReadResult.Found found = assertInstanceOf(ReadResult.Found.class, patcher.read("n1"));

    assertEquals("43", found.node().meta().resourceVersion());
  }

  @Test
  void failedReadCarriesItsKind() {
    answer(aResponse().withStatus(404));

    assertEquals(new ReadResult.Failed(new WriteResult.NotFound()), patcher.read("n1"));
  }

  @Test
  void unreachableServerIsRetried() throws Exception {
    String noUser;
    try (ServerSocket socket = new ServerSocket(0)) {
      noUser = "http://127.0.0.1:" + socket.getLocalPort();
    }

    WriteResult.Retry retry =
        assertInstanceOf(WriteResult.Retry.class, patcher(noUser).patchMetadata(BASE, LABEL));

    assertTrue(
        retry.reason().startsWith("no connection to the API server's address"), retry.reason());
  }

  @Test
  void overloadedServerSlowsAllWritesDown() {
    answer(aResponse().withStatus(429).withHeader("Retry-After", "3"));
    patcher.patchMetadata(BASE, LABEL);

    WriteResult.Throttled held =
        assertInstanceOf(WriteResult.Throttled.class, patcher.patchMetadata(BASE, LABEL));

    server.verify(1, anyRequestedFor(anyUrl()));
    assertTrue(held.after().compareTo(Duration.ofSeconds(3)) >= 0, held.toString());
  }

  private static final class TestFence implements Fence {
    private volatile String closedBecause = "";

    @Override
    public boolean isOpen() {
      return closedBecause.isEmpty();
    }

    @Override
    public void check() throws FencedException {
      if (!isOpen()) {
        throw new FencedException(closedBecause);
      }
    }

    @Override
    public long epoch() {
      return 1;
    }
  }
}
