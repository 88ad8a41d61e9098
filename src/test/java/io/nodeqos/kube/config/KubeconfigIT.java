// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.telemetry.metrics.RestClientMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user that a real server sees, with kubeconfigs of kubectl. */
@RealApi
class KubeconfigIT {
  private static final String EXEC =
      "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plug-in, interactiveMode: IfAvailable, provideClusterInfo: %s}";

  private final ControlPlane plane;
  private String authority;

  @TempDir Path directory;

  KubeconfigIT(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeEach
  void takeAuthority() throws Exception {
    authority = authority(plane);
  }

  private String authority(ControlPlane of) throws ClientConfigException {
    String pem =
        new ClientSource(List.of(of.kubeconfig()))
            .settings(Map.of(), directory)
            .trust()
            .authorities()
            .data();
    return "certificate-authority-data: "
        + Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  private ApiEndpoint client(String cluster, String user) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            current-context: c
            clusters: [{name: x, cluster: {%s}}]
            users: [{name: u, user: {%s}}]
            contexts: [{name: c, context: {cluster: x, user: u}}]
            """
                .formatted(cluster, user));
    return ApiClients.find(
            KubeSettings.defaults().withKubeconfig(Optional.of(file)),
            "node-qos-controller/test",
            new RestClientMetrics())
        .lease(Duration.ofSeconds(20));
  }

  private ApiEndpoint client(String user) throws Exception {
    return client("server: '" + plane.server() + "', " + authority, user);
  }

  /** {@code userInfo} of a SelfSubjectReview. */
  private static JsonObject selfSubject(ApiEndpoint api) throws IOException {
    Request request =
        api.request("/apis/authentication.k8s.io/v1/selfsubjectreviews", Map.of())
            .post(
                RequestBody.create(
                    "{\"kind\":\"SelfSubjectReview\",\"apiVersion\":\"authentication.k8s.io/v1\"}",
                    MediaType.get("application/json")))
            .build();
    try (Response response = api.http().newCall(request).execute()) {
      String body = response.body().string();
      assertEquals(201, response.code(), body);
      return JsonParser.parseString(body)
          .getAsJsonObject()
          .getAsJsonObject("status")
          .getAsJsonObject("userInfo");
    }
  }

  private static String name(ApiEndpoint client) throws IOException {
    return selfSubject(client).get("username").getAsString();
  }

  private void plugin(String... lines) throws IOException {
    Path script =
        Files.writeString(
            directory.resolve("plug-in"),
            "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n" + String.join("\n", lines) + "\n");
    assertTrue(script.toFile().setExecutable(true));
  }

  private static String answer(String token) {
    return "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"%s\"}}' "
        + token;
  }

  @Test
  void serverSeesTheImpersonatedUser() throws Exception {
    String account = "system:serviceaccount:nodeqos-system:node-qos-controller";
    JsonObject user =
        selfSubject(
            client(
                "token: %s, as: %s, as-uid: '7', as-groups: ['system:serviceaccounts'], as-user-extra: {example.com/scope: [a]}"
                    .formatted(plane.token(), "'" + account + "'")));

    assertEquals(account, user.get("username").getAsString());
    assertEquals("7", user.get("uid").getAsString());
    assertTrue(user.get("groups").toString().contains("system:serviceaccounts"));
    assertEquals("[\"a\"]", user.getAsJsonObject("extra").get("example.com/scope").toString());
  }

  @Test
  void tokenFileWithLineEndsIsReadBesideTheKubeconfig() throws Exception {
    Files.writeString(directory.resolve("token.nl"), plane.token() + "\n");

    assertEquals("admin", name(client("tokenFile: ./token.nl")));
  }

  @Test
  void pluginGetsTheClusterOnRequest() throws Exception {
    plugin(
        "case \"$KUBERNETES_EXEC_INFO\" in",
        "*'\"server\":\"" + plane.server() + "\"'*) " + answer(plane.token()) + ";;",
        "*) echo nothing told >&2; exit 1;; esac");

    assertEquals("admin", name(client(EXEC.formatted("true"))));
  }

  @Test
  void serverIsReachedThroughAProxyAndCheckedByItsTlsName() throws Exception {
    try (TestProxy proxy = TestProxy.http(plane.server().getPort())) {
      String way = "proxy-url: 'http://127.0.0.1:" + proxy.port() + "', " + authority;
      String token = "token: " + plane.token();

      assertEquals(
          "admin", name(client("server: 'https://kubernetes.default:6443', " + way, token)));
      assertEquals(
          "admin",
          name(
              client(
                  "server: 'https://other.invalid', tls-server-name: kubernetes.default, " + way,
                  token)));
      assertEquals(2, proxy.asked.size());
    }
  }

  @Test
  void refusedTokenIsFetchedAgainOnce() throws Exception {
    plane.kubectl("create", "serviceaccount", "tester", "--namespace", "default").succeeded();
    for (String secret : List.of("ta", "tb")) {
      plane.kubectl("create", "secret", "generic", secret, "--namespace", "default").succeeded();
    }
    plugin("echo run >>runs", answer("\"$(cat token)\""));
    Files.writeString(directory.resolve("token"), token("ta"));
    ApiEndpoint client = client(EXEC.formatted("false"));
    assertEquals("system:serviceaccount:default:tester", name(client));
    Files.writeString(directory.resolve("token"), token("tb"));
    plane.kubectl("delete", "secret", "ta", "--namespace", "default").succeeded();

    // The server believes the old token for ten seconds. No request is refused in all that time.
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (runs() < 2 && System.nanoTime() < end) {
      assertEquals("system:serviceaccount:default:tester", name(client));
      Thread.sleep(200);
    }
    for (int i = 0; i < 5; i++) {
      assertEquals("system:serviceaccount:default:tester", name(client));
    }
    assertEquals(2, runs());
  }

  private String token(String secret) {
    return plane
        .kubectl(
            "create",
            "token",
            "tester",
            "--namespace",
            "default",
            "--bound-object-kind",
            "Secret",
            "--bound-object-name",
            secret)
        .succeeded()
        .out()
        .strip();
  }

  private int runs() throws IOException {
    return Files.readAllLines(directory.resolve("runs")).size();
  }

  @Test
  void clientCertificatesAreAcceptedWithEachFormOfKey() throws Exception {
    Path ca = Files.writeString(directory.resolve("client-ca.crt"), TestPki.pem("ca.crt"));
    try (ControlPlane other = plane.another("--client-ca-file=" + ca)) {
      String cluster = "server: '" + other.server() + "', " + authority(other);
      Files.writeString(
          directory.resolve("combined.pem"), TestPki.pem("pkcs1.crt") + TestPki.pem("pkcs1.key"));

      assertEquals(
          "pkcs1",
          name(client(cluster, "client-certificate: combined.pem, client-key: combined.pem")));
      assertEquals(
          "sec1-with-parameters",
          name(
              client(
                  cluster,
                  "client-certificate-data: %s, client-key-data: %s"
                      .formatted(
                          base64("sec1-with-parameters.crt"),
                          base64("sec1-with-parameters.key")))));
    }
  }

  private static String base64(String file) {
    return Base64.getEncoder().encodeToString(TestPki.pem(file).getBytes(StandardCharsets.UTF_8));
  }
}
