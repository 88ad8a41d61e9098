// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecPluginTest {
  private static final String V1 = "client.authentication.k8s.io/v1";
  private static final String BETA = "client.authentication.k8s.io/v1beta1";

  @TempDir Path directory;

  private Path script;

  @BeforeEach
  void create() throws IOException {
    script = Files.writeString(directory.resolve("plug-in"), "");
    assertTrue(script.toFile().setExecutable(true));
  }

  private ExecPlugin.Answer run(String exec, String cluster, boolean terminal, String... lines)
      throws IOException, ClientConfigException {
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            current-context: c
            clusters: [{name: x, cluster: {server: 'https://host/path/'%s}}]
            users: [{name: u, user: {exec: {%s}}}]
            contexts: [{name: c, context: {cluster: x, user: u}}]
            """
                .formatted(
                    cluster, exec.contains("command:") ? exec : "command: ./plug-in, " + exec));
    ConnectionSettings settings =
        new ClientSource(List.of(kubeconfig)).settings(Map.of(), directory);
    return new ExecPlugin(settings, settings.user().plugin().orElseThrow(), terminal).run();
  }

  private static String answer(String apiVersion, String status) {
    return "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"%s\",\"status\":{%s}}'"
        .formatted(apiVersion, status);
  }

  private static String never(String apiVersion) {
    return "apiVersion: " + apiVersion + ", interactiveMode: Never";
  }

  private String info() throws IOException {
    return Files.readString(directory.resolve("info")).strip();
  }

  @ParameterizedTest
  @CsvSource({V1, BETA})
  void pluginGetsTheApiVersionAndAnswersInIt(String apiVersion) throws Exception {
    ExecPlugin.Answer answer =
        run(
            never(apiVersion) + ", args: [a b, c], env: [{name: ADDED, value: v}]",
            "",
            true,
            "cd \"$(dirname \"$0\")\"",
            "echo \"$KUBERNETES_EXEC_INFO\" >info",
            "echo \"$1,$2,$ADDED\" >arguments",
            "[ -z \"$(cat)\" ] || exit 3",
            answer(
                apiVersion,
                "\"token\":\"t\",\"expirationTimestamp\":\"2026-11-03T11:00:00+01:00\""));

    assertEquals("Bearer t", answer.credential().authorization());
    assertEquals(Optional.of(Instant.parse("2026-11-03T10:00:00Z")), answer.expires());
    assertEquals("a b,c,v", Files.readString(directory.resolve("arguments")).strip());
    assertEquals(
        JsonParser.parseString(
            "{'kind':'ExecCredential','apiVersion':'%s','spec':{'interactive':false}}"
                .formatted(apiVersion)),
        JsonParser.parseString(info()));
  }

  @Test
  void pluginGetsTheClusterOnRequest() throws Exception {
    run(
        never(V1) + ", provideClusterInfo: true",
        ", tls-server-name: n, insecure-skip-tls-verify: true, proxy-url: 'http://p:1', disable-compression: true,"
            + " extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: a}}]",
        false,
        "echo \"$KUBERNETES_EXEC_INFO\" >\"$(dirname \"$0\")\"/info",
        answer(V1, "\"token\":\"t\""));

    assertEquals(
        JsonParser.parseString(
            "{'server':'https://host/path','tls-server-name':'n','insecure-skip-tls-verify':true,"
                + "'proxy-url':'http://p:1','disable-compression':true,'config':{'audience':'a'}}"),
        JsonParser.parseString(info())
            .getAsJsonObject()
            .getAsJsonObject("spec")
            .getAsJsonObject("cluster"));

    run(
        never(V1) + ", provideClusterInfo: true",
        ", certificate-authority-data: 'eHg='",
        false,
        "echo \"$KUBERNETES_EXEC_INFO\" >\"$(dirname \"$0\")\"/info",
        answer(V1, "\"token\":\"t\""));
    assertTrue(
        info().contains("\"certificate-authority-data\":\"eHg\\u003d\"")
            || info().contains("\"certificate-authority-data\":\"eHg=\""),
        info());
  }

  @Test
  void pluginMayAnswerWithACertificate() throws Exception {
    String status =
        "\"clientCertificateData\":\"%s\",\"clientKeyData\":\"%s\""
            .formatted(
                TestPki.pem("sec1.crt").replace("\n", "\\n"),
                TestPki.pem("sec1.key").replace("\n", "\\n"));

    Credential credential =
        run(
                never(V1),
                "",
                false,
                "cat <<'END'",
                answer(V1, status).substring(6).replaceAll("'$", ""),
                "END")
            .credential();

    assertEquals("", credential.authorization());
    assertEquals(1, credential.identity().orElseThrow().chain().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo no `such` thing >&2; echo >&2; exit 7|failed with exit code 7: no such thing",
        "echo hello|answered without a JSON object",
        "true|answered without a JSON object",
        "echo '{}'|must be ExecCredential client.authentication.k8s.io/v1",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"t\"}}'|answered with ExecCredential client.authentication.k8s.io/v1beta1, must be",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'|without a status",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'|without a token or a certificate",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":1}}'|token that is not text",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"a b\"}}'|the token contains a blank",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientKeyData\":\"a\"}}'|only one of certificate and key",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\",\"expirationTimestamp\":\"soon\"}}'|\"soon\", which is not a time"
      })
  void failedPluginIsExplained(String line, String expected) {
    String message =
        assertThrows(IOException.class, () -> run(never(V1), "", false, line.replace("`", "")))
            .getMessage();

    assertTrue(message.startsWith("the credential plug-in " + script), message);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void missingPluginIsReportedWithItsInstallHint() {
    String message =
        assertThrows(
                IOException.class,
                () ->
                    run(
                        "apiVersion: " + BETA + ", command: ./nothing, installHint: get it",
                        "",
                        false))
            .getMessage();

    assertTrue(message.contains("/nothing cannot be started"), message);
    assertTrue(message.endsWith(": get it"), message);
  }

  @Test
  void interactivePluginIsNotRunWithoutATerminal() {
    String message =
        assertThrows(
                IOException.class,
                () -> run("apiVersion: " + V1 + ", interactiveMode: Always", "", false, "exit 1"))
            .getMessage();

    assertTrue(message.contains("needs standard input"), message);
  }

  @Test
  void pluginGetsTheTerminalAsInteractive() throws Exception {
    run(
        "apiVersion: " + BETA,
        "",
        true,
        "echo \"$KUBERNETES_EXEC_INFO\" >\"$(dirname \"$0\")\"/info",
        answer(BETA, "\"token\":\"t\""));

    assertTrue(info().contains("\"interactive\":true"), info());
  }
}
