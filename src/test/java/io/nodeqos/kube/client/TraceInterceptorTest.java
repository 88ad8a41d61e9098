// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.KubeSettings.WriteRate;
import io.nodeqos.kube.write.NodePatcher;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.telemetry.tracing.RecordedTraces;
import io.nodeqos.telemetry.tracing.SpanRef;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceInterceptorTest {
  private static final NodeView.Meta BASE =
      new NodeView.Meta("n1", "uid-1", "41", Instant.EPOCH, false, Instant.EPOCH);
  private static final MetadataChange LABEL =
      new MetadataChange(Map.of("l", "1"), Set.of(), Map.of(), Set.of(), Optional.empty());
  private static final StatusChange CONDITION =
      new StatusChange(
          Optional.of(new NodeCondition("t", "True", "r", "m", Instant.EPOCH)), Map.of(), Set.of());
  private static final String WRITTEN =
      "{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"n1\",\"resourceVersion\":\"42\"}}";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final RecordedTraces traces = new RecordedTraces(TimeSource.system());
  private boolean leads = true;
  private NodePatcher patcher;

  @BeforeEach
  void connect() {
    patcher =
        new NodePatcher(
            TestClients.write(directory, server.baseUrl(), new Leads()),
            new WriteLimiter(new WriteRate(100, 10), TimeSource.system()),
            Set.of());
  }

  @Test
  void requestOfAReconcileIsAChildSpanAndCarriesItsTraceparent() {
    server.stubFor(any(anyUrl()).willReturn(ok(WRITTEN)));
    inReconcile(traces, () -> patcher.patchMetadata(BASE, LABEL));
    SpanData parent = traces.only("reconcile node");
    SpanData span = traces.only("PATCH nodes");
    assertEquals(parent.getSpanId(), span.getParentSpanId());
    assertEquals(SpanKind.CLIENT, span.getKind());
    assertEquals(
        Map.of(
            "http.request.method", "PATCH",
            "http.response.status_code", "200",
            "url.path", "/api/v1/nodes/n1",
            "url.template", "/api/v1/nodes/{name}",
            "server.address", "localhost",
            "server.port", String.valueOf(server.getPort())),
        RecordedTraces.attributes(span));
    assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode());
    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo("/api/v1/nodes/n1"))
            .withHeader(
                "traceparent",
                equalTo("00-" + span.getTraceId() + "-" + span.getSpanId() + "-03")));
  }

  @Test
  void spansOfStatusWriteAndReadAfterAConflictHaveTheirOwnNames() {
    server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(409)));
    WriteResult result = inReconcile(traces, () -> patcher.patchStatus(BASE, CONDITION));
    assertInstanceOf(WriteResult.Conflict.class, result);
    SpanData conflict = traces.only("PATCH nodes/status");
    assertEquals("/api/v1/nodes/{name}/status", attribute(conflict, "url.template"));
    assertEquals("409", attribute(conflict, "error.type"));
    assertEquals(StatusCode.ERROR, conflict.getStatus().getStatusCode());
    inReconcile(traces, () -> patcher.read("n1"));
    assertEquals("409", attribute(traces.only("GET nodes"), "http.response.status_code"));
    server.verify(1, getRequestedFor(anyUrl()).withHeader("traceparent", matching("00-.*")));
  }

  @Test
  void spanOfAnUnansweredRequestHasItsException() {
    server.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    inReconcile(traces, () -> patcher.patchMetadata(BASE, LABEL));
    SpanData span = traces.only("PATCH nodes");
    assertEquals(StatusCode.ERROR, span.getStatus().getStatusCode());
    assertTrue(attribute(span, "error.type").startsWith("java."), attribute(span, "error.type"));
    assertEquals("exception", span.getEvents().get(0).getName());
  }

  @Test
  void spanOfAFencedWriteSaysThatItWasFenced() {
    leads = false;
    assertInstanceOf(
        WriteResult.Fenced.class, inReconcile(traces, () -> patcher.patchMetadata(BASE, LABEL)));
    assertEquals(
        "io.nodeqos.election.FencedException", attribute(traces.only("PATCH nodes"), "error.type"));
  }

  @Test
  void unsampledRequestCarriesNoSampledFlag() {
    server.stubFor(any(anyUrl()).willReturn(ok(WRITTEN)));
    RecordedTraces none = new RecordedTraces(TimeSource.system(), Sampler.alwaysOff());
    inReconcile(none, () -> patcher.patchMetadata(BASE, LABEL));
    String header = server.getAllServeEvents().get(0).getRequest().getHeader("traceparent");
    assertTrue(header.endsWith("-02"), header + " has the flag for sampled");
  }

  @Test
  void requestOutsideAReconcileHasNoSpan() {
    server.stubFor(any(anyUrl()).willReturn(ok(WRITTEN)));
    patcher.patchMetadata(BASE, LABEL);
    assertTrue(traces.spans().isEmpty());
    assertEquals(null, server.getAllServeEvents().get(0).getRequest().getHeader("traceparent"));
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/nodes, nodes, /api/v1/nodes",
    "/api/v1/nodes/a, nodes, /api/v1/nodes/{name}",
    "/apis/nodeqos.io/v1alpha1/nodeqospolicies/p/status, nodeqospolicies/status,"
        + " /apis/nodeqos.io/v1alpha1/nodeqospolicies/{name}/status",
    "/apis/apps/v1/namespaces/x/daemonsets/d, daemonsets,"
        + " /apis/apps/v1/namespaces/{namespace}/daemonsets/{name}",
    "/api/v1/namespaces/x, namespaces, /api/v1/namespaces/{name}",
    "/k8s/cluster/api/v1/nodes/a, nodes, /k8s/cluster/api/v1/nodes/{name}",
    "/version, '', /version"
  })
  void spanNamesTheResourceAndThePathTemplate(String path, String resource, String template) {
    assertEquals(
        new ResourcePath(resource, template),
        ResourcePath.of(okhttp3.HttpUrl.get("http://x" + path).pathSegments()));
  }

  private static <T> T inReconcile(RecordedTraces traces, Supplier<T> work) {
    try (WorkTrace ignored =
        traces
            .tracing()
            .begin(
                new Tracing.Beginning(
                    Tracing.Work.NODE, "n1", "Node", SpanRef.NONE, Duration.ZERO, 1))) {
      return work.get();
    }
  }

  private static String attribute(SpanData span, String key) {
    return RecordedTraces.attributes(span).get(key);
  }

  private final class Leads implements Fence {
    @Override
    public boolean isOpen() {
      return leads;
    }

    @Override
    public void check() throws FencedException {
      if (!leads) {
        throw new FencedException("another leads");
      }
    }

    @Override
    public long epoch() {
      return 1;
    }
  }
}
