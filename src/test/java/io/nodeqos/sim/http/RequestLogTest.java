// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import static io.nodeqos.sim.http.SimClient.NODES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import io.nodeqos.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestLogTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000006Z");

  private static ApiServer server(ApiServerSettings settings) {
    return new ApiServer(settings, TimeSource.of(() -> NOW, System::nanoTime));
  }

  @Test
  void everyRequestIsLoggedWithItsVerbObjectCodeAndVersion() throws Exception {
    try (ApiServer server = server(ApiServerSettings.defaults()).start()) {
      SimClient client = new SimClient(server);
      client.createNode("a");
      client.label("a", "x");
      client.send(
          "PATCH",
          NODES + "/a/status",
          "application/strategic-merge-patch+json",
          "{\"status\":{\"phase\":\"x\"}}");
      client.get(NODES + "/missing");
      client.get(NODES);
      client.watchToTheEnd(NODES + "?watch=1&timeoutSeconds=1");
      client.send("DELETE", NODES + "/a", "application/json", "");
      client.get("/version");

      List<RequestLog.Request> log = server.requests().all();

      assertEquals(
          List.of(
              "create nodes a 201",
              "patch nodes a 200",
              "patch nodes/status a 200",
              "get nodes missing 404",
              "list nodes  200",
              "watch nodes  200",
              "delete nodes a 200",
              "get  /version 200"),
          log.stream().map(RequestLogTest::brief).toList());
      assertEquals("test/1", log.get(0).userAgent());
      assertEquals(NOW, log.get(0).received());
      assertEquals(NOW, log.get(0).completed());
      assertEquals("", log.get(3).resourceVersion(), "a refusal has no object");
      assertTrue(
          Long.parseLong(log.get(1).resourceVersion())
              > Long.parseLong(log.get(0).resourceVersion()),
          "the version of the written object");
      assertEquals(log.get(2).resourceVersion(), log.get(4).resourceVersion(), "of the list");
    }
  }

  private static String brief(RequestLog.Request request) {
    String sub = request.subresource().isEmpty() ? "" : "/" + request.subresource();
    return request.verb()
        + " "
        + request.resource()
        + sub
        + " "
        + request.name()
        + " "
        + request.code();
  }

  @Test
  void oldestRequestsAreDroppedAndCountedBeyondTheLimit() throws Exception {
    try (ApiServer server = server(ApiServerSettings.defaults().withRequestLog(2)).start()) {
      SimClient client = new SimClient(server);
      for (int i = 0; i < 5; i++) {
        client.get(NODES + "/n" + i);
      }

      assertEquals(
          List.of("n3", "n4"),
          server.requests().all().stream().map(RequestLog.Request::name).toList());
      assertEquals(3, server.requests().dropped());
    }
  }

  @Test
  void sinceReturnsRequestsReceivedAtOrAfterTheTime() throws Exception {
    try (ApiServer server = server(ApiServerSettings.defaults()).start()) {
      new SimClient(server).get(NODES);

      assertEquals(1, server.requests().since(NOW).size());
      assertEquals(0, server.requests().since(NOW.plus(Duration.ofNanos(1))).size());
    }
  }

  @Test
  void auditFileHasAnAuditLogLineForEachRequest(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("audit.log");
    try (ApiServer server = server(ApiServerSettings.defaults().withAuditFile(file)).start()) {
      SimClient client = new SimClient(server);
      client.createNode("a");
      client.get("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/l");
    }

    List<String> lines = Files.readAllLines(file);

    assertEquals(2, lines.size());
    JsonObject create = Json.parseObject(lines.get(0).getBytes(StandardCharsets.UTF_8));
    assertEquals("audit.k8s.io/v1", Json.string(create, "apiVersion"));
    assertEquals("create", Json.string(create, "verb"));
    assertEquals("nodes", Json.string(create, "objectRef", "resource"));
    assertEquals("a", Json.string(create, "objectRef", "name"));
    assertEquals("201", Json.string(create, "responseStatus", "code"));
    assertEquals("2026-01-02T03:04:05.000006Z", Json.string(create, "requestReceivedTimestamp"));
    assertEquals("test/1", Json.string(create, "userAgent"));
    assertFalse(Json.string(create, "user", "username").isEmpty());
    JsonObject get = Json.parseObject(lines.get(1).getBytes(StandardCharsets.UTF_8));
    assertEquals("coordination.k8s.io", Json.string(get, "objectRef", "apiGroup"));
    assertEquals("kube-system", Json.string(get, "objectRef", "namespace"));
  }
}
