// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FenceCheckTest {
  private static final String DENIED =
      "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"ValidatingAdmissionPolicy"
          + " 'node-qos-controller-fence' with binding 'node-qos-controller-fence' denied request\"}";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  private FenceCheck check(Fence fence, List<String> nodes) {
    return new FenceCheck(
        new ApiEndpoint(TestClients.write(directory, server.baseUrl(), fence)),
        () -> nodes,
        "platform/node-qos-controller",
        TimeSource.system(),
        timer);
  }

  private List<String> warnings(Fence fence, List<String> nodes, ResponseDefinitionBuilder answer) {
    server.stubFor(any(anyUrl()).willReturn(answer));
    try (CapturedLog log = CapturedLog.of(FenceCheck.class)) {
      check(fence, nodes).run();
      assertEquals(List.of(), log.errors());
      assertEquals(List.of(), log.infos());
      return log.warnings();
    }
  }

  private List<String> warnings(ResponseDefinitionBuilder answer) {
    return warnings(new OpenFence(), List.of("n1", "n2"), answer);
  }

  @Test
  void anAcceptedPatchIsReportedWithTheReasonsAndTheRemedy() {
    List<String> warnings = warnings(aResponse().withStatus(200).withBody("{}"));

    assertEquals(
        List.of(
            "The API server enforces no fence: the admission policy node-qos-controller-fence is not"
                + " installed, is older than this controller, or is for another Lease or"
                + " ServiceAccount; apply manifests/admission/fence.yaml, or with Helm set"
                + " admission.fence=true: lease=platform/node-qos-controller"),
        warnings);
  }

  @Test
  void onePatchOfOneNodeIsSentAsADryRun() {
    warnings(aResponse().withStatus(403).withBody(DENIED));

    server.verify(1, anyRequestedFor(anyUrl()));
    server.verify(
        patchRequestedFor(urlPathEqualTo("/api/v1/nodes/n1"))
            .withQueryParam("dryRun", equalTo("All"))
            .withRequestBody(
                equalToJson(
                    "{'metadata':{'annotations':{'nodeqos.io/leader-epoch':'-1'}}}"
                        .replace('\'', '"'))));
  }

  @Test
  void aRefusalOfAnyKindIsNotReported() {
    assertEquals(List.of(), warnings(aResponse().withStatus(403).withBody(DENIED)));
    assertEquals(List.of(), warnings(aResponse().withStatus(403).withBody("no rights")));
    assertEquals(List.of(), warnings(aResponse().withStatus(404)));
    assertEquals(List.of(), warnings(aResponse().withStatus(429)));
    assertEquals(List.of(), warnings(aResponse().withStatus(500)));
    assertEquals(List.of(), warnings(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
  }

  @Test
  void withoutANodeNothingIsSent() {
    assertEquals(List.of(), warnings(new OpenFence(), List.of(), aResponse().withStatus(200)));
    server.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void afterTheTermNothingIsSent() {
    Fence closed =
        new Fence() {
          @Override
          public boolean isOpen() {
            return false;
          }

          @Override
          public void check() throws FencedException {
            throw new FencedException("another replica leads");
          }

          @Override
          public long epoch() {
            return 3;
          }
        };

    assertEquals(List.of(), warnings(closed, List.of("n1"), aResponse().withStatus(200)));
    server.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void eachTermWithALeaseHasOneCheckAfterItsFirstWrites() {
    FenceCheck check = check(new OpenFence(), List.of("n1"));

    check.leading(term(0));
    assertEquals(0, timer.getQueue().size());
    check.leading(term(7));

    assertEquals(1, timer.getQueue().size());
    long delay = timer.getQueue().stream().mapToLong(FenceCheckTest::seconds).sum();
    assertEquals(FenceCheck.DELAY.toSeconds(), delay, 5);
    server.verify(0, anyRequestedFor(anyUrl()));
  }

  private static long seconds(Runnable queued) {
    return ((Delayed) queued).getDelay(TimeUnit.SECONDS);
  }

  private static LeaderTerm term(long epoch) {
    return new LeaderTerm(epoch, Instant.EPOCH, Optional.empty(), Optional.empty());
  }
}
