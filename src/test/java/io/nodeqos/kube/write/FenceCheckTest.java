// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
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
        TestClients.write(directory, server.baseUrl(), fence),
        () -> nodes,
        "platform/node-qos-controller",
        TimeSource.system(),
        timer);
  }

  private CapturedLog run(Fence fence, List<String> nodes) {
    try (CapturedLog log = CapturedLog.of(FenceCheck.class)) {
      check(fence, nodes).run();
      assertEquals(List.of(), log.errors());
      return log;
    }
  }

  /** Lines of any level, where the patch and the read of the policy are answered so. */
  private CapturedLog log(ResponseDefinitionBuilder patched, ResponseDefinitionBuilder read) {
    server.stubFor(patch(anyUrl()).willReturn(patched));
    server.stubFor(get(anyUrl()).willReturn(read));
    return run(new OpenFence(), List.of("n1", "n2"));
  }

  private static ResponseDefinitionBuilder answer(int code) {
    return aResponse().withStatus(code).withBody(code == 403 ? DENIED : "{}");
  }

  private void assertSilent(ResponseDefinitionBuilder patched) {
    CapturedLog log = log(patched, answer(200));
    assertEquals(List.of(), log.warnings());
    assertEquals(List.of(), log.infos());
  }

  @Test
  void anInstalledPolicyThatDoesNotApplyIsAWarningWithTheReasonsAndTheRemedy() {
    CapturedLog log = log(answer(200), answer(200));

    assertEquals(
        List.of(
            "The admission policy node-qos-controller-fence is installed, but the API server enforces"
                + " no fence: the policy is for another Lease or ServiceAccount, has no binding, or is"
                + " older than this controller; apply manifests/admission/fence.yaml of this version"
                + " for this Lease: lease=platform/node-qos-controller"),
        log.warnings());
    assertEquals(List.of(), log.infos());
    server.verify(
        1,
        getRequestedFor(
            urlEqualTo(
                "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/node-qos-controller-fence")));
  }

  @Test
  void anInstallationWithoutThePolicyIsNoReasonToWarn() {
    CapturedLog log = log(answer(200), answer(404));

    assertEquals(List.of(), log.warnings());
    assertEquals(
        List.of(
            "The API server enforces no fence, as the optional admission policy"
                + " node-qos-controller-fence is not installed: it is in"
                + " manifests/admission/fence.yaml, and with Helm it is admission.fence=true:"
                + " lease=platform/node-qos-controller"),
        log.infos());
  }

  /** As with the ClusterRole of an older version. */
  @Test
  void aPolicyThatMayNotBeReadCountsAsNotInstalled() {
    CapturedLog log = log(answer(200), answer(403));

    assertEquals(List.of(), log.warnings());
    assertEquals(1, log.infos().size());
  }

  @Test
  void onePatchOfOneNodeIsSentAsADryRun() {
    log(answer(403), answer(200));

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
    assertSilent(answer(403));
    assertSilent(aResponse().withStatus(403).withBody("no rights"));
    assertSilent(answer(404));
    assertSilent(answer(429));
    assertSilent(answer(500));
    assertSilent(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
  }

  @Test
  void aPolicyThatSeesAnotherHolderOfTheLeaseIsAWarningWithTheReasonsAndItsAnswer() {
    String denied =
        DENIED.replace(
            "denied request", "denied request: 'a_1' does not hold the Lease, 'b_2' does");

    CapturedLog log = log(aResponse().withStatus(403).withBody(denied), answer(200));

    assertEquals(
        List.of(
            "The API server refuses the writes of this leader to Nodes, as the admission policy"
                + " node-qos-controller-fence sees another holder of the Lease: the policy is for"
                + " another Lease, the token of this process is bound to no pod, or the policy was"
                + " removed and applied again, after which each kube-apiserver has to be restarted:"
                + " lease=platform/node-qos-controller: HTTP 403: ValidatingAdmissionPolicy"
                + " 'node-qos-controller-fence' with binding 'node-qos-controller-fence' denied"
                + " request: 'a_1' does not hold the Lease, 'b_2' does"),
        log.warnings());
    assertEquals(List.of(), log.infos());
    server.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void withoutANodeNothingIsSent() {
    run(new OpenFence(), List.of());

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

    run(closed, List.of("n1"));

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
    assertEquals((double) FenceCheck.DELAY.toSeconds(), (double) delay, 5.0);
    server.verify(0, anyRequestedFor(anyUrl()));
  }

  private static long seconds(Runnable queued) {
    return ((Delayed) queued).getDelay(TimeUnit.SECONDS);
  }

  private static LeaderTerm term(long epoch) {
    return new LeaderTerm(epoch, Instant.EPOCH, Optional.empty(), Optional.empty());
  }
}
