// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.client.LeaseClients;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Lease client against the answers of a server. */
class LeaseClientTest {

  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/qos/leases";
  private static final String LEASE = LEASES + "/node-qos-controller";

  /** As a server of a later version could send it. */
  private static final String FULL =
      """
      {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
       "metadata": {"name": "node-qos-controller", "namespace": "qos", "uid": "u1",
         "resourceVersion": "41", "labels": {"team": "infra"},
         "managedFields": [{"manager": "x", "fieldsV1": {}}], "futureMeta": {"a": [1]}},
       "spec": {"holderIdentity": "pod-a_1", "leaseDurationSeconds": 15,
         "acquireTime": "2026-03-01T12:00:00.000001Z", "renewTime": "2026-03-01T13:00:07.250000+01:00",
         "leaseTransitions": 4, "strategy": "OldestEmulationVersion", "futureSpec": {"b": true}},
       "futureTop": 1}
      """;

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
          .build();

  @TempDir private Path directory;
  private LeaseClient client;

  @BeforeEach
  void connect() {
    client = client(Duration.ofSeconds(20));
  }

  private LeaseClient client(Duration callTimeout) {
    return new LeaseClient(
        LeaseClients.client(server(), callTimeout, directory), "qos", "node-qos-controller");
  }

  private static URI server() {
    return URI.create("http://127.0.0.1:" + SERVER.getPort());
  }

  private LeaseState read() {
    return assertInstanceOf(LeaseResult.Ok.class, client.get(), "the Lease is read").state();
  }

  private LeaseResult.Failed failed(LeaseResult result) {
    return assertInstanceOf(LeaseResult.Failed.class, result, "said, not thrown");
  }

  @Test
  void unknownFieldsOfALaterApiVersionAreTolerated() {
    SERVER.stubFor(get(LEASE).willReturn(okJson(FULL)));
    LeaseState state = read();
    assertEquals("41", state.resourceVersion(), "version");
    assertEquals("pod-a_1", state.holder(), "holder");
    assertEquals(Duration.ofSeconds(15), state.spec().leaseDuration(), "duration");
    assertEquals(
        Instant.parse("2026-03-01T12:00:00.000001Z"), state.spec().acquireTime(), "acquired");
    assertEquals(
        Instant.parse("2026-03-01T12:00:07.25Z"), state.spec().renewTime(), "any offset is read");
    assertEquals(4, state.spec().transitions(), "transitions");
  }

  @Test
  void readIsAQuorumRead() {
    SERVER.stubFor(get(LEASE).willReturn(okJson(FULL)));
    read();
    SERVER.verify(getRequestedFor(urlEqualTo(LEASE)).withQueryParam("resourceVersion", absent()));
  }

  @Test
  void updateKeepsForeignFieldsAndCarriesTheVersion() {
    SERVER.stubFor(get(LEASE).willReturn(okJson(FULL)));
    SERVER.stubFor(put(LEASE).willReturn(okJson(FULL)));
    Instant renewed = Instant.parse("2026-03-01T12:00:09.123456789Z");
    LeaseState.Spec spec = read().spec();
    client.update(
        read()
            .with(
                new LeaseState.Spec(
                    "pod-a_1", spec.leaseDuration(), spec.acquireTime(), renewed, 4)));
    SERVER.verify(
        putRequestedFor(urlEqualTo(LEASE))
            .withHeader("Content-Type", equalTo("application/json"))
            .withRequestBody(
                equalToJson(
                    """
                    {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                     "metadata": {"name": "node-qos-controller", "namespace": "qos", "uid": "u1",
                       "resourceVersion": "41", "labels": {"team": "infra"},
                       "futureMeta": {"a": [1]}},
                     "spec": {"holderIdentity": "pod-a_1", "leaseDurationSeconds": 15,
                       "acquireTime": "2026-03-01T12:00:00.000001Z",
                       "renewTime": "2026-03-01T12:00:09.123456Z",
                       "leaseTransitions": 4, "strategy": "OldestEmulationVersion",
                       "futureSpec": {"b": true}},
                     "futureTop": 1}
                    """)));
  }

  @Test
  void releaseOmitsTheHolder() {
    SERVER.stubFor(get(LEASE).willReturn(okJson(FULL)));
    SERVER.stubFor(put(LEASE).willReturn(okJson(FULL)));
    client.update(read().with(new LeaseState.Spec(null, Duration.ofSeconds(15), null, null, 4)));
    SERVER.verify(
        putRequestedFor(urlEqualTo(LEASE))
            .withRequestBody(
                equalToJson(
                    """
                    {"spec": {"leaseDurationSeconds": 15, "leaseTransitions": 4,
                       "strategy": "OldestEmulationVersion", "futureSpec": {"b": true}},
                     "apiVersion": "${json-unit.any-string}", "kind": "Lease",
                     "metadata": "${json-unit.ignore}", "futureTop": 1}
                    """)));
  }

  @Test
  void emptyPreCreatedLeaseIsRead() {
    SERVER.stubFor(
        get(LEASE)
            .willReturn(okJson("{\"metadata\": {\"name\": \"x\", \"resourceVersion\": \"7\"}}")));
    LeaseState state = read();
    assertNull(state.holder(), "no holder");
    assertNull(state.spec().leaseDuration(), "unset");
    assertEquals(0, state.spec().transitions(), "unset counts as zero");
  }

  @Test
  void conflictsAndAbsenceAreResultsOfTheirOwn() {
    LeaseState state = LeaseState.toCreate(LeaseState.Spec.empty());
    SERVER.stubFor(get(LEASE).willReturn(aResponse().withStatus(404)));
    SERVER.stubFor(put(LEASE).willReturn(aResponse().withStatus(409)));
    SERVER.stubFor(post(LEASES).willReturn(aResponse().withStatus(409)));
    assertEquals(new LeaseResult.NotFound(), client.get(), "404");
    assertEquals(new LeaseResult.Conflict(), client.update(state), "changed meanwhile");
    assertEquals(new LeaseResult.Conflict(), client.create(state), "exists already");
  }

  @Test
  void missingNamespaceIsNotAMissingLease() {
    SERVER.stubFor(post(LEASES).willReturn(aResponse().withStatus(404)));
    assertEquals(
        "namespace qos does not exist",
        failed(client.create(LeaseState.toCreate(LeaseState.Spec.empty()))).sentence(),
        "or the lock would create with every tick");
  }

  @Test
  void tooManyRequestsCarriesRetryAfter() {
    SERVER.stubFor(
        get(LEASE).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "3")));
    assertEquals(
        Optional.of(Duration.ofSeconds(3)), failed(client.get()).retryAfter(), "Retry-After");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 422, 500, 503})
  void otherRefusalsAreFailuresWithASentence(int code) {
    SERVER.stubFor(put(LEASE).willReturn(aResponse().withStatus(code)));
    String sentence =
        failed(client.update(LeaseState.toCreate(LeaseState.Spec.empty()))).sentence();
    assertTrue(sentence.contains("HTTP " + code), sentence);
  }

  @ParameterizedTest
  @CsvSource({"400, true", "401, true", "403, true", "422, true", "429, false", "500, false"})
  void lastingRefusalIsReportedWhateverItsCode(int code, boolean reported) {
    FakeTime time = new FakeTime();
    LeaseRefusals refusals = new LeaseRefusals("qos", "node-qos-controller", time.source());
    LeaseClient refused =
        new LeaseClient(
            LeaseClients.client(server(), Duration.ofSeconds(20), directory),
            "qos",
            "node-qos-controller",
            refusals);
    SERVER.stubFor(put(LEASE).willReturn(aResponse().withStatus(code)));
    failed(refused.update(LeaseState.toCreate(LeaseState.Spec.empty())));
    time.advance(Duration.ofSeconds(31));
    failed(refused.update(LeaseState.toCreate(LeaseState.Spec.empty())));
    assertEquals(
        reported, refusals.lasting().filter(why -> why.contains("HTTP " + code)).isPresent());
  }

  @Test
  void callToAHangingServerTimesOut() {
    SERVER.stubFor(get(LEASE).willReturn(okJson(FULL).withFixedDelay(20_000)));
    LeaseClient impatient = client(Duration.ofMillis(300));
    assertTrue(failed(impatient.get()).sentence().contains("no answer in time"), "bounded");
  }

  @Test
  void cutAndGarbledRepliesAreFailuresWithoutARetry() {
    SERVER.stubFor(put(LEASE).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    failed(client.update(LeaseState.toCreate(LeaseState.Spec.empty())));
    SERVER.verify(1, putRequestedFor(urlEqualTo(LEASE)));
    for (String body : new String[] {"<html>", "[]", "{\"metadata\": {}}", "{\"metadata\""}) {
      SERVER.stubFor(get(LEASE).willReturn(okJson(body)));
      failed(client.get());
    }
  }

  @Test
  void watchReportsChangesDeletionsAndBookmarksAndRestarts() throws InterruptedException {
    String lines =
        """
        {"type": "ADDED", "object": %s}
        {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "50"}}}
        {"type": "FUTURE", "object": {}}
        {"type": "DELETED", "object": {"metadata": {"name": "node-qos-controller", "resourceVersion": "51"}}}
        """
            .formatted(FULL.replace('\n', ' '));
    SERVER.stubFor(get(urlPathEqualTo(LEASES)).willReturn(aResponse().withBody(lines)));
    BlockingQueue<String> reported = new LinkedBlockingQueue<>();
    try (LeaseStore.Watch watch = client.watch(new Recorder(reported))) {
      for (int i = 0; i < 2; i++) {
        assertEquals("changed 41 pod-a_1", reported.poll(30, TimeUnit.SECONDS), "watch " + i);
        assertEquals("alive", reported.poll(30, TimeUnit.SECONDS), "the bookmark");
        assertEquals(
            "deleted 51", reported.poll(30, TimeUnit.SECONDS), "the version of the deletion");
      }
    }
    SERVER.verify(
        getRequestedFor(urlPathEqualTo(LEASES))
            .withQueryParam("watch", equalTo("true"))
            .withQueryParam("fieldSelector", equalTo("metadata.name=node-qos-controller"))
            .withQueryParam("allowWatchBookmarks", equalTo("true"))
            .withQueryParam("resourceVersion", absent()));
  }

  @Test
  void failingWatchBacksOff() throws InterruptedException {
    SERVER.stubFor(get(urlPathEqualTo(LEASES)).willReturn(aResponse().withStatus(500)));
    try (LeaseStore.Watch watch = client.watch(new Recorder(new LinkedBlockingQueue<>()))) {
      TimeUnit.MILLISECONDS.sleep(1000);
    }
    int watches = SERVER.findAll(getRequestedFor(urlPathEqualTo(LEASES))).size();
    assertTrue(watches <= 8, "a growing pause between them: " + watches);
  }

  @Test
  void watchesThatEndAfterOneEventBackOffWithOneWarning() throws InterruptedException {
    String line = "{\"type\": \"ADDED\", \"object\": %s}\n".formatted(FULL.replace('\n', ' '));
    SERVER.stubFor(get(urlPathEqualTo(LEASES)).willReturn(aResponse().withBody(line)));
    try (CapturedLog log = CapturedLog.of(LeaseWatch.class);
        LeaseStore.Watch watch = client.watch(new Recorder(new LinkedBlockingQueue<>()))) {
      TimeUnit.MILLISECONDS.sleep(2000);
      int watches = SERVER.findAll(getRequestedFor(urlPathEqualTo(LEASES))).size();
      assertTrue(watches <= 8, "a growing pause between them: " + watches);
      assertEquals(1, log.warnings().size(), log.warnings()::toString);
    }
  }

  private record Recorder(BlockingQueue<String> reported) implements LeaseStore.Listener {
    @Override
    public void changed(LeaseState state) {
      reported.add("changed " + state.resourceVersion() + " " + state.holder());
    }

    @Override
    public void deleted(String resourceVersion) {
      reported.add("deleted " + resourceVersion);
    }

    @Override
    public void alive() {
      reported.add("alive");
    }
  }
}
