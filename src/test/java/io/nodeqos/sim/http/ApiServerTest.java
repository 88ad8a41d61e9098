// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import static io.nodeqos.sim.http.SimClient.NODES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiServerTest {
  private final ApiServer server = new ApiServer().start();
  private final SimClient client = new SimClient(server);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void serverListensOnTheLoopbackNamedInItsKubeconfig() {
    assertEquals("127.0.0.1", server.uri().getHost());
    assertTrue(server.kubeconfig().contains("server: " + server.uri()), server.kubeconfig());
  }

  @Test
  void standardNamespacesAreThereFromTheStart() throws Exception {
    for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      assertEquals(200, client.get("/api/v1/namespaces/" + name).statusCode(), name);
    }
  }

  @Test
  void twoServersShareNoObjects() throws Exception {
    try (ApiServer other = new ApiServer().start()) {
      client.createNode("a");

      assertNotEquals(server.uri(), other.uri());
      assertEquals(404, new SimClient(other).get(NODES + "/a").statusCode());
    }
  }

  @Test
  void takenPortIsReported() {
    ApiServerSettings taken = ApiServerSettings.defaults().withPort(server.uri().getPort());

    assertThrows(
        UncheckedIOException.class, () -> new ApiServer(taken, TimeSource.system()).start());
  }

  @Test
  void closedServerDoesNotAnswer() {
    server.close();

    assertThrows(IOException.class, () -> client.get("/version"));
  }

  @Test
  void concurrentPatchesWithoutAVersionAreAllApplied() throws Exception {
    client.createNode("a");
    List<? extends CompletableFuture<?>> writes =
        IntStream.range(0, 50)
            .mapToObj(i -> "{\"metadata\":{\"labels\":{\"l" + i + "\":\"x\"}}}")
            .map(
                body ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return client.send(
                                "PATCH", NODES + "/a", "application/merge-patch+json", body);
                          } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                        }))
            .toList();
    for (CompletableFuture<?> write : writes) {
      write.get(60, TimeUnit.SECONDS);
    }

    String node = client.get(NODES + "/a").body();

    for (int i = 0; i < 50; i++) {
      assertTrue(node.contains("\"l" + i + "\":\"x\""), "label " + i + " was lost");
    }
  }

  @Test
  void objectsOfADeletedNamespaceAreDeleted() throws Exception {
    client.send(
        "POST",
        "/api/v1/namespaces",
        "application/json",
        "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n\"}}");
    String maps = "/api/v1/namespaces/n/configmaps";
    client.send(
        "POST",
        maps,
        "application/json",
        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"c\"}}");

    client.send("DELETE", "/api/v1/namespaces/n", "application/json", "");

    assertEquals(404, client.get("/api/v1/namespaces/n").statusCode());
    assertEquals(404, client.get(maps + "/c").statusCode());
  }

  @Test
  void eventIsOneObjectInBothApiGroups() throws Exception {
    client.send(
        "POST",
        "/apis/events.k8s.io/v1/namespaces/default/events",
        "application/json",
        """
        {"kind":"Event","apiVersion":"events.k8s.io/v1","metadata":{"name":"e"},
         "regarding":{"kind":"Node","name":"a"},"note":"warm","reason":"Warm","type":"Normal",
         "reportingController":"c",
         "reportingInstance":"i","action":"WarmUp","eventTime":"2026-01-02T03:04:05.000006Z"}
        """);

    String core = client.get("/api/v1/namespaces/default/events/e").body();
    String later = client.get("/apis/events.k8s.io/v1/namespaces/default/events/e").body();
    String selected = client.get("/api/v1/events?fieldSelector=involvedObject.name%3Da").body();

    assertTrue(core.contains("\"involvedObject\":{\"kind\":\"Node\""), core);
    assertTrue(core.contains("\"message\":\"warm\""), core);
    assertTrue(later.contains("\"regarding\":") && later.contains("\"note\":\"warm\""), later);
    assertTrue(selected.contains("\"name\":\"e\""), selected);
  }

  @Test
  void schemaOfACustomResourceIsServedForKubectlExplain() throws Exception {
    client.send(
        "POST",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "application/json",
        """
        {"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1",
         "metadata":{"name":"things.t.test"},
         "spec":{"group":"t.test","scope":"Cluster","names":{"plural":"things","kind":"Thing"},
          "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":
           {"type":"object","properties":{"spec":{"type":"object","description":"the wanted state"}}
          }}}]}}
        """);

    String document = client.get("/openapi/v3/apis/t.test/v1").body();

    assertTrue(document.contains("the wanted state"), document);
    assertTrue(document.contains("x-kubernetes-group-version-kind"), document);
  }

  @Test
  void serverSideApplyIsRefused() throws Exception {
    assertEquals(
        415,
        client
            .send("PATCH", NODES + "/a?fieldManager=x", "application/apply-patch+yaml", "{}")
            .statusCode());
  }
}
