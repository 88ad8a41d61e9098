// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations are those of kubectl 1.37, which was tried with each case. */
class KubeconfigTest {
  private static final String SERVER = "server: 'https://10.0.0.1:6443'";
  private static final String EXEC =
      "exec: {apiVersion: client.authentication.k8s.io/v1, command: plug-in, interactiveMode: Never";

  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path file(String cluster, String user, String context) throws IOException {
    return file(
        "kubeconfig",
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: x, cluster: {%s}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: c, context: {%s}}]
        """
            .formatted(cluster, user, context));
  }

  private ConnectionSettings read(Path... files) throws ClientConfigException {
    return new ClientSource(List.of(files)).settings(Map.of(), directory);
  }

  private ConnectionSettings read(String cluster, String user)
      throws IOException, ClientConfigException {
    return read(file(cluster, user, "cluster: x, user: u"));
  }

  private String refusal(Path... files) {
    return assertThrows(ClientConfigException.class, () -> read(files)).getMessage();
  }

  @Test
  void allFieldsOfTheClusterAreRead() throws Exception {
    file("pki/ca.crt", "x");

    ConnectionSettings settings =
        read(
            "server: 'https://host/k8s/clusters/c-1/?a=b', tls-server-name: name, certificate-authority: pki/ca.crt,"
                + " proxy-url: 'socks5://[::1]', disable-compression: true",
            "token: t");

    assertEquals("https://host/k8s/clusters/c-1", settings.server());
    assertEquals("name", settings.trust().serverName());
    assertEquals(
        Optional.of(directory.resolve("pki/ca.crt")), settings.trust().authorities().file());
    assertEquals("socks5://[::1]:1080", settings.route().proxy().get().describe());
    assertTrue(settings.route().disableCompression());
    assertFalse(settings.trust().insecure());
    assertTrue(read(SERVER + ", insecure-skip-tls-verify: true", "token: t").trust().insecure());
  }

  @Test
  void serverMayBeAnIpv6Address() throws Exception {
    assertEquals(
        "https://[2001:db8::1]:6443",
        read("server: 'https://[2001:db8::1]:6443/'", "token: t").server());
  }

  @Test
  void impersonationIsReadWhole() throws Exception {
    Impersonation as =
        read(
                SERVER,
                "token: t, as: 'system:serviceaccount:a:b', as-uid: '7', as-groups: [g, h], as-user-extra: {'example.com/Scope %': [x, 'ä']}")
            .impersonation()
            .orElseThrow();

    assertEquals(
        List.of(
            "Impersonate-User=system:serviceaccount:a:b",
            "Impersonate-Uid=7",
            "Impersonate-Group=g",
            "Impersonate-Group=h",
            "Impersonate-Extra-example.com%2FScope%20%25=x",
            "Impersonate-Extra-example.com%2FScope%20%25=ä"),
        headers(as));
  }

  private static List<String> headers(Impersonation as) {
    List<String> headers = new ArrayList<>();
    as.headers().forEach(h -> headers.add(h.getFirst() + "=" + h.getSecond()));
    return headers;
  }

  @Test
  void filesAreRelativeToTheKubeconfigThatNamesThem() throws Exception {
    Path inside =
        file(
            "a/kubeconfig",
            "users: [{name: u, user: {tokenFile: ../t, exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./bin/p, args: [x]}}}]");
    Path outside =
        file(
            "b/kubeconfig",
            "current-context: c\ncontexts: [{name: c, context: {cluster: x, user: u}}]\nclusters: [{name: x, cluster: {"
                + SERVER
                + "}}]");

    UserCredentials user = read(inside, outside).user();

    assertEquals(directory.resolve("t"), user.tokenFile().orElseThrow().normalize());
    assertEquals(
        List.of(directory.resolve("a/bin/p").toString(), "x"), user.exec().orElseThrow().command());
  }

  @Test
  void firstEntryOfANameInSeveralFilesCountsAsAWhole() throws Exception {
    Path first =
        file(
            "first",
            "clusters: [{name: x, cluster: {"
                + SERVER
                + ", tls-server-name: one}}]\nusers: null\n");
    Path second =
        file(
            "second",
            """
            current-context: c
            clusters: [{name: x, cluster: {server: 'https://two', proxy-url: 'http://two'}}]
            users: [{name: u, user: {token: two}}]
            contexts: [{name: c, context: {cluster: x, user: u}}]
            """);
    Path third = file("third", "current-context: other\nusers: [{name: u, user: {as: three}}]");
    Path empty = file("empty", "# nothing");

    ConnectionSettings settings = read(empty, first, second, third);

    assertEquals("one", settings.trust().serverName());
    assertEquals("https://10.0.0.1:6443", settings.server());
    assertEquals(Optional.empty(), settings.route().proxy());
    assertEquals("two", settings.user().token());
    assertEquals(Optional.empty(), settings.impersonation());
  }

  @Test
  void pluginBesideAnotherCredentialIsIgnored() throws Exception {
    assertTrue(read(SERVER, EXEC + "}").user().plugin().isPresent());
    assertTrue(read(SERVER, EXEC + "}, token: t").user().plugin().isEmpty());
    assertTrue(read(SERVER, EXEC + "}, username: n").user().plugin().isEmpty());
  }

  @Test
  void pluginIsReadWhole() throws Exception {
    ExecSettings exec =
        read(
                SERVER
                    + ", extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {audience: a, n: 1}}]",
                EXEC
                    + ", args: [a, b], env: [{name: N, value: v}, {name: E}], installHint: hint, provideClusterInfo: true}")
            .user()
            .exec()
            .orElseThrow();

    assertEquals(List.of("plug-in", "a", "b"), exec.command());
    assertEquals(Map.of("N", "v", "E", ""), exec.environment());
    assertEquals("{\"audience\":\"a\",\"n\":1}", exec.clusterConfig().orElseThrow().toString());
    assertEquals("hint", exec.installHint());
  }

  @Test
  void credentialsWithoutTlsAreSentToTheLoopbackOnly() throws Exception {
    assertEquals("t", read("server: 'http://127.0.0.1:8001'", "token: t").user().token());
    assertTrue(read("server: 'http://proxy.example.com'", "").user().isEmpty());
    String message =
        refusal(file("server: 'http://proxy.example.com'", "token: t", "cluster: x, user: u"));
    assertTrue(message.contains("without TLS"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`cluster: x, user: v`|the user \"v\" of context \"c\" does not exist (users: u)",
        "cluster: x|context \"c\" names no user",
        "`cluster: y, user: u`|the cluster \"y\" of context \"c\" does not exist (clusters: x)",
        "`cluster: x, user: u, namespace: A_b`|namespace of context \"c\" is \"A_b\"",
      })
  void contextWithoutItsClusterOrUserIsRefused(String context, String expected) throws Exception {
    String message = refusal(file(SERVER, "token: t", context));

    assertTrue(message.contains(expected), message);
  }

  @Test
  void missingContextIsRefused() throws Exception {
    String unknown = refusal(file("f", "current-context: d\ncontexts: [{name: c, context: {}}]"));
    assertTrue(unknown.contains("current-context \"d\" does not exist (contexts: c)"), unknown);
    for (String none : List.of("", "---\n", "apiVersion: v1\nkind: Config\n")) {
      String message = refusal(file("f", none));
      assertTrue(message.contains("has no current-context (contexts: none)"), message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tls-server-nam: x|the field tls-server-nam of cluster \"x\" is unknown",
        "proxyUrl: x|the field proxyUrl of cluster \"x\" is unknown",
        "proxy-url: 'ftp://p'|proxy-url of cluster \"x\" has the scheme ftp, must be http, https or socks5",
        "proxy-url: 'p:1'|proxy-url of cluster \"x\" has the scheme p",
        "proxy-url: 'socks5h://p'|has the scheme socks5h",
        "proxy-url: 'socks5://u:secret@p'|not for socks5",
        "certificate-authority: nope|nope, certificate-authority of cluster \"x\", cannot be read",
        "certificate-authority-data: '!'|certificate-authority-data of cluster \"x\" is not base64",
        "`certificate-authority: kubeconfig, certificate-authority-data: YQ==`|only one is allowed",
        "`certificate-authority: kubeconfig, insecure-skip-tls-verify: true`|only one is allowed",
        "insecure-skip-tls-verify: 'true'|insecure-skip-tls-verify of cluster \"x\" must be true or false",
        "extensions: {}|extensions of cluster \"x\" must be a list"
      })
  void wrongFieldOfTheClusterIsRefused(String field, String expected) throws Exception {
    String user = "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p}";
    String message = refusal(file(SERVER + ", " + field, user, "cluster: x, user: u"));

    assertTrue(message.contains(expected), message);
    assertFalse(message.contains("secret"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "''|cluster \"x\" has no server",
        "10.0.0.1:6443|server of cluster \"x\" is \"10.0.0.1:6443\", must be an http or https address",
        "'ftp://host'|must be an http or https address",
        "'https://u:p@host'|contains a user"
      })
  void wrongServerIsRefused(String server, String expected) throws Exception {
    String message = refusal(file("server: " + server, "token: t", "cluster: x, user: u"));

    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|user \"u\" has no credentials",
        "client-key: kubeconfig|user \"u\" has no credentials",
        "token: 12345|token of user \"u\" must be a string",
        "impersonate: x|the field impersonate of user \"u\" is unknown",
        "`token: t, as-groups: [g]`|without as",
        "`token: t, as-uid: g`|without as",
        "`token: t, as-groups: g`|as-groups of user \"u\" must be a list of strings",
        "`token: t, as: u, as-user-extra: {a: b}`|as-user-extra.a of user \"u\"",
        "`token: t, username: n, password: p`|both a token and a username",
        "`tokenFile: t, username: n`|both a token and a username",
        "client-certificate-data: YQ==|a client-certificate but no client-key",
        "`client-certificate: nope, client-key: kubeconfig`|nope, client-certificate of user \"u\", cannot be read",
        "auth-provider: {name: gcp}|the auth-provider \"gcp\" of user \"u\" is not supported",
        "`auth-provider: {name: oidc}, token: t`|the auth-provider \"oidc\" of user \"u\" is not supported",
        "exec: {command: x}|apiVersion of exec of user \"u\" is \"\", must be one of client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1",
        "`exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}`|apiVersion of exec",
        "exec: {apiVersion: client.authentication.k8s.io/v1beta1}|exec of user \"u\" has no command",
        "`exec: {command: x, apiVersion: client.authentication.k8s.io/v1}`|interactiveMode of exec of user \"u\" is \"\", must be",
        "`exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: never}`|interactiveMode of exec",
        "`exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: v}]}`|without a name",
        "`exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, arguments: []}`|the field arguments of exec of user \"u\""
      })
  void wrongFieldOfTheUserIsRefused(String user, String expected) throws Exception {
    String message = refusal(file(SERVER, user, "cluster: x, user: u"));

    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "just text|it is not a mapping",
        "`a: [1`|it is not YAML in line",
        "`apiVersion: v2\nkind: Config`|it is a v2 Config, not a v1 Config",
        "`apiVersion: v1\nkind: Pod`|it is a v1 Pod, not a v1 Config",
        "clusters: {}|clusters of the file must be a list",
        "users: [1]|users of the file must be a list of mappings",
        "`users: [{name: u}, {name: u}]`|it has two entries of user \"u\"",
        "`users: [{name: u, user: {token: a, token: b}}]`|duplicate key token",
        "current-context: 7|current-context of the file must be a string"
      })
  void fileOtherThanAKubeconfigIsRefusedInOneLine(String text, String expected) throws Exception {
    Path good = file("good", "current-context: c");
    Path bad = file("bad", text);

    String message = refusal(good, bad);

    assertTrue(message.startsWith("Cannot use kubeconfig " + bad + ": "), message);
    assertTrue(message.contains(expected), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void allProblemsAreReportedTogether() throws Exception {
    String message = refusal(file("server: x, foo: 1", "as-uid: u", "cluster: x, user: u"));

    assertTrue(
        message.contains("field foo")
            && message.contains("\"x\", must be")
            && message.contains("without as"),
        message);
  }
}
