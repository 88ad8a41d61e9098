// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.fixture.CapturedLog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

class CrdCheckTest {
  private static final String POLICIES_CRD =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/nodeqospolicies.nodeqos.io";

  private final JsonObject crd = crd();

  @TempDir Path directory;

  private static JsonObject crd() {
    try {
      Object yaml = new Yaml().load(Files.readString(Path.of("manifests", "crd.yaml")));
      return new Gson().toJsonTree(yaml).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject properties(String... path) {
    JsonObject at =
        crd.getAsJsonObject("spec")
            .getAsJsonArray("versions")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("schema")
            .getAsJsonObject("openAPIV3Schema")
            .getAsJsonObject("properties");
    for (String step : path) {
      at = at.getAsJsonObject(step).getAsJsonObject("properties");
    }
    return at;
  }

  /** All that is logged about a server which answers this. */
  private List<String> warnings(int code, String answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        POLICIES_CRD,
        exchange -> {
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    try (CapturedLog log = CapturedLog.of(CrdCheck.class)) {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      new CrdCheck(TestClients.clients(directory, url).lease(Duration.ofSeconds(10))).run();
      assertEquals(List.of(), log.errors());
      return log.warnings();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theCrdOfThisVersionIsNotReported() throws IOException {
    assertEquals(List.of(), warnings(200, crd.toString()));
  }

  @Test
  void aNewerCrdIsNotReported() throws IOException {
    properties("spec").add("later", new JsonObject());

    assertEquals(List.of(), warnings(200, crd.toString()));
  }

  @Test
  void anOlderCrdIsReportedWithTheCommandThatHelps() throws IOException {
    properties("spec").remove("suspend");
    properties("spec", "warmUp").getAsJsonObject("mode").getAsJsonArray("enum").remove(1);

    List<String> warnings = warnings(200, crd.toString());

    assertEquals(
        List.of(
            "The CRD NodeQoSPolicy in the cluster is older than this controller, run kubectl apply"
                + " --server-side -f manifests/crd.yaml: missing=2, first=[spec.suspend,"
                + " spec.warmUp.mode=Continuous]"),
        warnings);
  }

  @Test
  void aCrdWithoutTheVersionLacksAllOfIt() throws IOException {
    crd.getAsJsonObject("spec")
        .getAsJsonArray("versions")
        .get(0)
        .getAsJsonObject()
        .addProperty("name", "v1beta1");

    assertTrue(warnings(200, crd.toString()).get(0).contains("missing="));
  }

  @Test
  void aCrdThatCannotBeReadIsNoReasonToComplain() throws IOException {
    assertEquals(List.of(), warnings(403, "{}"));
    assertEquals(List.of(), warnings(404, "{}"));
    assertEquals(List.of(), warnings(200, "no JSON"));
    assertEquals(List.of(), warnings(200, "[]"));
    assertEquals(List.of(), warnings(200, "{}"));
  }
}
