// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.election.Fence;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.ClosingFence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which writes the API server may carry out after their caller has given them up. */
class UnansweredWritesTest {
  private static final Duration ON_THE_WAY = Duration.ofSeconds(2);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);

  @RegisterExtension
  static final WireMockExtension SERVER = WireMockExtension.newInstance().build();

  @TempDir Path directory;

  private final FakeTime time = new FakeTime();
  private final UnansweredWrites unanswered = new UnansweredWrites(time.source(), ON_THE_WAY);

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 403, 404, 409, 410, 422, 429})
  void writeThatTheServerHasDoneOrRefusedIsOver(int code) throws IOException {
    answer(aResponse().withStatus(code));
    send("PATCH", new OpenFence());
    assertEquals(Duration.ZERO, unanswered.left());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void writeThatFailedInTheServerMayGoOn(int code) throws IOException {
    answer(aResponse().withStatus(code));
    send("PATCH", new OpenFence());
    assertEquals(ON_THE_WAY, unanswered.left());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MALFORMED_RESPONSE_CHUNK")
  void writeWhoseConnectionWasLostMayGoOn(Fault fault) {
    fail("PATCH", aResponse().withFault(fault));
    assertEquals(ON_THE_WAY, unanswered.left());
  }

  @Test
  void writeWithHalfAReplyIsOver() {
    fail("PATCH", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
    assertEquals(Duration.ZERO, unanswered.left());
  }

  @Test
  void writeWithoutAReplyInTimeMayGoOnForAWhile() {
    fail("PATCH", aResponse().withFixedDelay((int) CALL_TIMEOUT.multipliedBy(3).toMillis()));
    assertEquals(ON_THE_WAY, unanswered.left());
    time.advance("1.5S");
    assertEquals(Duration.ofMillis(500), unanswered.left());
    time.advance("1S");
    assertEquals(Duration.ZERO, unanswered.left());
  }

  @Test
  void deletionCountsAsAnyWrite() {
    fail("DELETE", aResponse().withFault(Fault.EMPTY_RESPONSE));
    assertEquals(ON_THE_WAY, unanswered.left());
  }

  @Test
  void readIsNoWrite() {
    fail("GET", aResponse().withFault(Fault.EMPTY_RESPONSE));
    assertEquals(Duration.ZERO, unanswered.left());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void writeThatTheFenceStopsWasNotSent(int passes) {
    answer(aResponse().withStatus(200));
    assertThrows(IOException.class, () -> send("PATCH", new ClosingFence(passes)));
    assertEquals(Duration.ZERO, unanswered.left());
  }

  /** It ends with an exception. */
  private void fail(String method, ResponseDefinitionBuilder response) {
    answer(response);
    assertThrows(IOException.class, () -> send(method, new OpenFence()));
  }

  private static void answer(ResponseDefinitionBuilder response) {
    SERVER.stubFor(any(anyUrl()).willReturn(response));
  }

  private void send(String method, Fence fence) throws IOException {
    ApiEndpoint client =
        TestClients.clients(directory, SERVER.baseUrl()).write(fence, CALL_TIMEOUT, unanswered);
    RequestBody body =
        method.equals("PATCH")
            ? RequestBody.create("{}", MediaType.get("application/merge-patch+json"))
            : null;
    Request request =
        new Request.Builder()
            .url(SERVER.baseUrl() + "/api/v1/nodes/n1")
            .method(method, body)
            .build();
    try (Response response = client.http().newCall(request).execute()) {
      response.body().bytes();
    }
  }
}
