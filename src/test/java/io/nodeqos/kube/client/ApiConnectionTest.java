// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.config.TestPki;
import io.nodeqos.kube.config.TestProxy;
import io.nodeqos.kube.config.TlsApi;
import io.nodeqos.telemetry.metrics.RestClientMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests over real TLS, as a kubeconfig says. */
class ApiConnectionTest {
  @TempDir Path directory;

  private TlsApi loopback;
  private TlsApi named;

  @BeforeEach
  void start() throws IOException {
    loopback = new TlsApi("loopback");
    named = new TlsApi("named");
    for (String file : List.of("pkcs1", "sec1", "sec1-with-parameters", "ed25519")) {
      write(file + ".crt", TestPki.pem(file + ".crt"));
      write(file + ".key", TestPki.pem(file + ".key"));
    }
  }

  @AfterEach
  void stop() {
    loopback.close();
    named.close();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String ca() {
    return "certificate-authority-data: "
        + Base64.getEncoder()
            .encodeToString(TestPki.pem("ca.crt").getBytes(StandardCharsets.UTF_8));
  }

  private ApiClients clients(TlsApi server, String cluster, String user)
      throws IOException, ClientConfigException {
    return clients("server: 'https://127.0.0.1:" + server.port() + "', " + cluster, user);
  }

  private ApiClients clients(String cluster, String user)
      throws IOException, ClientConfigException {
    Path file =
        write(
            "kubeconfig",
            """
            current-context: c
            clusters: [{name: x, cluster: {%s}}]
            users: [{name: u, user: {%s}}]
            contexts: [{name: c, context: {cluster: x, user: u}}]
            """
                .formatted(cluster, user));
    return ApiClients.find(
        KubeSettings.defaults().withKubeconfig(Optional.of(file)), "test", new RestClientMetrics());
  }

  private static int get(ApiEndpoint api) throws IOException {
    try (Response response = api.http().newCall(api.request("/api", Map.of()).build()).execute()) {
      return response.code();
    }
  }

  private static int get(ApiClients clients) throws IOException {
    return get(clients.lease(Duration.ofSeconds(20)));
  }

  @Test
  void serverCertificateIsCheckedAgainstTheNameInTheKubeconfig() throws Exception {
    assertEquals(
        200, get(clients(named, ca() + ", tls-server-name: kubernetes.default", "token: t")));
    assertThrows(IOException.class, () -> get(clients(named, ca(), "token: t")));
    assertThrows(
        IOException.class,
        () -> get(clients(loopback, ca() + ", tls-server-name: kubernetes.default", "token: t")));
  }

  @Test
  void serverOfAnotherAuthorityIsTrustedOnlyWhenInsecure() throws Exception {
    assertThrows(IOException.class, () -> get(clients(loopback, "", "token: t")));
    assertEquals(200, get(clients(named, "insecure-skip-tls-verify: true", "token: t")));
  }

  @Test
  void requestsImpersonateTheUser() throws Exception {
    get(
        clients(
            loopback,
            ca() + ", disable-compression: true",
            "token: t, as: other, as-uid: '7', as-groups: [g, h], as-user-extra: {k/e: [v]}"));

    TlsApi.Seen seen = loopback.seen.get(0);
    assertEquals("Bearer t", seen.authorization());
    assertEquals("other", seen.headers().getFirst("Impersonate-User"));
    assertEquals("7", seen.headers().getFirst("Impersonate-Uid"));
    assertEquals(List.of("g", "h"), seen.headers().get("Impersonate-Group"));
    assertEquals("v", seen.headers().getFirst("Impersonate-Extra-k%2Fe"));
    assertEquals("identity", seen.headers().getFirst("Accept-Encoding"));
  }

  @Test
  void passwordIsSent() throws Exception {
    get(clients(loopback, ca(), "username: n, password: p"));

    assertEquals("Basic bjpw", loopback.seen.get(0).authorization());
    assertEquals("gzip", loopback.seen.get(0).headers().getFirst("Accept-Encoding"));
  }

  @Test
  void clientCertificateIsSentWithEachFormOfKey() throws Exception {
    for (String name : List.of("pkcs1", "sec1-with-parameters", "ed25519")) {
      get(
          clients(
              loopback,
              ca(),
              "client-certificate: " + name + ".crt, client-key: " + name + ".key"));
      assertEquals(
          "CN=" + name + ",O=test", loopback.seen.get(loopback.seen.size() - 1).client(), name);
    }
  }

  @Test
  void replacedCertificateIsSentOnNewConnections() throws Exception {
    ApiClients clients =
        clients(loopback, ca(), "client-certificate: sec1.crt, client-key: sec1.key");
    ApiEndpoint client = clients.lease(Duration.ofSeconds(20));
    assertEquals(200, get(client));
    loopback.refused.add("CN=sec1,O=test");
    write("sec1.crt", TestPki.pem("pkcs1.crt"));
    write("sec1.key", TestPki.pem("pkcs1.key"));

    assertEquals(200, get(client), "the request that was refused is sent again");
    assertEquals(
        List.of("CN=sec1,O=test", "CN=sec1,O=test", "CN=pkcs1,O=test"),
        loopback.seen.stream().map(TlsApi.Seen::client).toList());
    assertNotEquals(loopback.seen.get(1).from(), loopback.seen.get(2).from());
  }

  @Test
  void requestsGoThroughEachKindOfProxyWhichResolvesTheName() throws Exception {
    int port = named.port();
    try (TestProxy http = TestProxy.http(port);
        TestProxy https = TestProxy.https(port);
        TestProxy socks5 = TestProxy.socks5(port)) {
      Map<TestProxy, String> urls =
          Map.of(
              http, "http://127.0.0.1:" + http.port(),
              https, "https://u:p%40@127.0.0.1:" + https.port(),
              socks5, "socks5://127.0.0.1:" + socks5.port());
      for (String url : urls.values()) {
        String cluster =
            "server: 'https://kubernetes.default:6443', proxy-url: '" + url + "', " + ca();
        assertEquals(200, get(clients(cluster, "token: t")), url);
      }
      assertEquals(List.of("CONNECT kubernetes.default:6443 HTTP/1.1"), http.asked);
      assertEquals(
          List.of("CONNECT kubernetes.default:6443 HTTP/1.1 Proxy-Authorization: Basic dTpwQA=="),
          https.asked);
      assertEquals(List.of("SOCKS kubernetes.default:6443"), socks5.asked);
    }
  }

  @Test
  void untrustedProxyGetsNoRequest() throws Exception {
    try (TestProxy https = TestProxy.https(named.port())) {
      String cluster =
          "server: 'https://kubernetes.default', proxy-url: 'https://127.0.0.1:"
              + https.port()
              + "'";

      assertThrows(IOException.class, () -> get(clients(cluster, "token: t")));
      assertEquals(List.of(), https.asked);
    }
  }

  /** Counts its runs, and answers with the token that stands in a file. */
  private String plugin() throws IOException {
    write("token", "one");
    Path script =
        write(
            "plug-in",
            """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo run >>runs
            printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}' "$(cat token)"
            """);
    assertTrue(script.toFile().setExecutable(true));
    return "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plug-in, interactiveMode: Never}";
  }

  private int runs() throws IOException {
    return Files.readAllLines(directory.resolve("runs")).size();
  }

  @Test
  void pluginRunsOnceForAllClientsAndOnceAfterARefusedToken() throws Exception {
    ApiClients clients = clients(loopback, ca(), plugin());
    List<ApiEndpoint> all =
        List.of(
            clients.watch(),
            clients.write(new OpenFence(), Duration.ofSeconds(20)),
            clients.lease(Duration.ofSeconds(20)));
    for (ApiEndpoint client : all) {
      assertEquals(200, get(client));
    }
    assertEquals(1, runs());
    write("token", "two");
    loopback.refused.add("Bearer one");

    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(9);
    List<Future<Integer>> codes = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      ApiEndpoint client = all.get(i % 3);
      codes.add(
          threads.submit(
              () -> {
                start.await();
                return get(client);
              }));
    }
    start.countDown();
    for (Future<Integer> code : codes) {
      assertEquals(200, code.get());
    }
    threads.shutdown();
    assertEquals(2, runs());
  }

  @Test
  void pluginDoesNotRunForEachRequestWhenEveryTokenIsRefused() throws Exception {
    ApiEndpoint client = clients(loopback, ca(), plugin()).lease(Duration.ofSeconds(20));
    loopback.refused.add("Bearer one");

    for (int i = 0; i < 20; i++) {
      assertEquals(401, get(client));
    }

    assertTrue(runs() <= 3, runs() + " runs");
    assertEquals(20, loopback.seen.size(), "a token that is the same is not tried again");
  }

  @Test
  void tokenFileWinsOverTheTokenAndIsReadAgainAfterARefusal() throws Exception {
    write("t", "\n first \n");
    ApiEndpoint client =
        clients(loopback, ca(), "tokenFile: ./t, token: other").lease(Duration.ofSeconds(20));
    assertEquals(200, get(client));
    write("t", "second");
    loopback.refused.add("Bearer first");
    assertEquals(200, get(client));
    Files.delete(directory.resolve("t"));
    loopback.refused.add("Bearer second");
    assertEquals(200, get(client));

    assertEquals(
        List.of("Bearer first", "Bearer first", "Bearer second", "Bearer second", "Bearer other"),
        loopback.seen.stream().map(TlsApi.Seen::authorization).toList());
  }

  @Test
  void unusableCredentialEndsTheStart() throws Exception {
    write("empty", "\n");
    write("two", "a b");
    Map<String, String> clauses =
        Map.of(
            "tokenFile: nope", "nope cannot be read",
            "tokenFile: empty", "empty is empty",
            "tokenFile: two", "the token contains a blank",
            "client-certificate: pkcs1.crt, client-key: sec1.key", "pkcs1.crt with the key of",
            "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: /bin/false}",
                "/bin/false failed with exit code 1");
    for (Map.Entry<String, String> entry : clauses.entrySet()) {
      String message =
          assertThrows(ClientConfigException.class, () -> clients(loopback, ca(), entry.getKey()))
              .getMessage();
      assertTrue(message.startsWith("Cannot use kubeconfig " + directory), message);
      assertTrue(message.contains(entry.getValue()), message);
    }
    String authority =
        assertThrows(
                ClientConfigException.class,
                () -> clients(loopback, "certificate-authority: empty", "token: t"))
            .getMessage();
    assertTrue(authority.contains("there is no certificate in PEM"), authority);
  }
}
