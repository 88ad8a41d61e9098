// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PolicyStatusClientTest {
  private static final String POLICY = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/gold";
  private static final String PATH = POLICY + "/status";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  @Test
  void statusPatchCarriesTheVersionThatItWasComputedFrom() {
    server.stubFor(
        patch(urlPathEqualTo(PATH)).willReturn(ok("{\"metadata\":{\"resourceVersion\":\"8\"}}")));
    assertEquals(
        new WriteResult.Ok("8"), client().patchStatus("gold", "7", "{\"observedGeneration\":3}"));

    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo(PATH))
            .withHeader("Content-Type", equalTo("application/merge-patch+json"))
            .withRequestBody(
                equalToJson(
                    "{\"metadata\":{\"resourceVersion\":\"7\"},\"status\":{\"observedGeneration\":3}}")));
  }

  @Test
  void finalizersPatchCarriesTheVersionOfTheirList() {
    server.stubFor(
        patch(urlPathEqualTo(POLICY)).willReturn(ok("{\"metadata\":{\"resourceVersion\":\"8\"}}")));

    assertEquals(
        new WriteResult.Ok("8"), client().patchFinalizers("gold", "7", List.of("a.b/c", "d.e/f")));

    server.verify(
        1,
        patchRequestedFor(urlPathEqualTo(POLICY))
            .withHeader("Content-Type", equalTo("application/merge-patch+json"))
            .withRequestBody(
                equalToJson(
                    "{\"metadata\":{\"resourceVersion\":\"7\",\"finalizers\":[\"a.b/c\",\"d.e/f\"]}}")));
  }

  private PolicyStatusClient client() {
    return new PolicyStatusClient(
        TestClients.write(directory, server.baseUrl(), new OpenFence()),
        new WriteLimiter(KubeSettings.defaults().writeRate(), TimeSource.system()));
  }
}
