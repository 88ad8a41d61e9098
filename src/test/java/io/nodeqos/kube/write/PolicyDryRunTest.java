// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.google.gson.JsonObject;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.write.PolicyDryRun.Answer;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PolicyDryRunTest {
  private static final String PATH = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private Answer update() throws IOException {
    return new PolicyDryRun(TestClients.watch(directory, server.baseUrl()), TimeSource.system())
        .update("gpu", new JsonObject());
  }

  private void answer(int code, String message) {
    server.stubFor(
        patch(urlPathEqualTo(PATH + "/gpu"))
            .willReturn(
                aResponse()
                    .withStatus(code)
                    .withBody("{\"kind\": \"Status\", \"message\": \"" + message + "\"}")));
  }

  @Test
  void onlyADryRunIsSent() throws IOException {
    server.stubFor(
        patch(urlPathEqualTo(PATH + "/gpu"))
            .withQueryParam("dryRun", equalTo("All"))
            .withQueryParam("fieldValidation", equalTo("Strict"))
            .withRequestBody(equalToJson("[{\"op\":\"add\",\"path\":\"/spec\",\"value\":{}}]"))
            .willReturn(okJson("{\"spec\": {\"priority\": 0}}")));

    Answer.Accepted accepted = assertInstanceOf(Answer.Accepted.class, update());
    assertEquals("{\"priority\":0}", accepted.spec().toString());
  }

  @Test
  void newPoliciesArePosted() throws IOException {
    server.stubFor(
        post(urlPathEqualTo(PATH))
            .withQueryParam("dryRun", equalTo("All"))
            .willReturn(okJson("{}")));

    assertInstanceOf(
        Answer.Accepted.class,
        new PolicyDryRun(TestClients.watch(directory, server.baseUrl()), TimeSource.system())
            .create(new JsonObject()));
  }

  @Test
  void rulesAndAdmissionRefuse() throws IOException {
    answer(422, "spec is invalid");
    assertTrue(assertInstanceOf(Answer.Refused.class, update()).why().contains("spec is invalid"));
    answer(403, "ValidatingAdmissionPolicy 'x' denied request");
    assertInstanceOf(Answer.Refused.class, update());
  }

  @Test
  void usersWithoutTheRightAreNoMistakeOfThePolicy() throws IOException {
    answer(403, "nodeqospolicies is forbidden: User cannot patch resource nodeqospolicies");
    assertInstanceOf(Answer.NotAllowed.class, update());
  }

  @Test
  void otherErrorsFail() {
    answer(500, "broken");
    assertThrows(IOException.class, this::update);
  }
}
