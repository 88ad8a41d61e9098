// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSourceTest {
  private static final Path NO_ACCOUNT = Path.of("/nonexistent");

  @TempDir Path home;

  private Path file(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "apiVersion: v1\nkind: Config\n");
  }

  private Path account() throws IOException {
    return file("account/token").getParent();
  }

  private static List<Path> find(Optional<Path> named, Map<String, String> env, Path account)
      throws ClientConfigException {
    return ClientSource.find(named, env, account).kubeconfigs();
  }

  @Test
  void namedFileComesFirst() throws Exception {
    Path named = file("named");
    Map<String, String> env =
        Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBECONFIG", file("env").toString());

    assertEquals(List.of(named), find(Optional.of(named), env, account()));
    ClientConfigException missing =
        assertThrows(
            ClientConfigException.class,
            () -> find(Optional.of(home.resolve("typo")), env, NO_ACCOUNT),
            "a typo must not lead to another cluster");
    assertTrue(missing.getMessage().contains("typo"));
  }

  @Test
  void serviceAccountOfAPodComesBeforeTheEnvironment() throws Exception {
    Map<String, String> env =
        Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBECONFIG", file("env").toString());

    assertEquals(List.of(), find(Optional.empty(), env, account()));
    assertEquals(List.of(home.resolve("env")), find(Optional.empty(), env, NO_ACCOUNT));
  }

  @Test
  void existingFilesOfTheVariableReplaceTheDefault() throws Exception {
    Path second = file("second");
    Path third = file("third");
    file(".kube/config");
    String list = home.resolve("absent") + "::" + second + ":" + third + ":" + second;

    assertEquals(
        List.of(second, third),
        find(Optional.empty(), Map.of("KUBECONFIG", list, "HOME", home.toString()), NO_ACCOUNT));
    assertEquals(
        List.of(home.resolve(".kube/config")),
        find(Optional.empty(), Map.of("KUBECONFIG", "", "HOME", home.toString()), NO_ACCOUNT));
  }

  @Test
  void missingConfigurationIsReportedWithTheTriedSources() {
    String message =
        assertThrows(
                ClientConfigException.class,
                () -> find(Optional.empty(), Map.of("HOME", home.toString()), NO_ACCOUNT))
            .getMessage();

    assertTrue(message.contains("KUBERNETES_SERVICE_HOST"), message);
    assertTrue(message.contains(home.resolve(".kube/config").toString()), message);
    assertTrue(message.contains("--kubeconfig"), message);
  }

  @Test
  void podReachesItsServerByTheAddressOfTheService() {
    ConnectionSettings v6 =
        ConnectionSettings.ofPod(
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443"), home);

    assertEquals("https://[fd00::1]:6443", v6.server());
    assertEquals(Optional.of(home.resolve("token")), v6.user().tokenFile());
    assertEquals(Optional.of(home.resolve("ca.crt")), v6.trust().authorities().file());
    assertEquals(Optional.empty(), v6.route().proxy());
  }
}
