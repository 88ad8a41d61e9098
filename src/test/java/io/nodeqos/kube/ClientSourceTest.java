// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSourceTest {
  private static final Path NO_TOKEN = Path.of("/nonexistent/token");

  @TempDir Path home;

  private Path file(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "apiVersion: v1\nkind: Config\n");
  }

  private static ClientSource find(Optional<Path> named, Map<String, String> env, Path token)
      throws ClientConfigException {
    return ClientSource.find(named, env, token);
  }

  @Test
  void theFileThatTheUserNamesComesFirst() throws Exception {
    Path named = file("named");
    Path token = file("token");
    Map<String, String> env =
        Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBECONFIG", file("env").toString());

    assertEquals(Optional.of(named), find(Optional.of(named), env, token).kubeconfig());
    ClientConfigException missing =
        assertThrows(
            ClientConfigException.class,
            () -> find(Optional.of(home.resolve("typo")), env, token),
            "a typo must not lead to another cluster");
    assertTrue(missing.getMessage().contains("typo"));
  }

  @Test
  void inAPodItsServiceAccountComesBeforeTheEnvironment() throws Exception {
    Map<String, String> env =
        Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBECONFIG", file("env").toString());

    assertEquals(Optional.empty(), find(Optional.empty(), env, file("token")).kubeconfig());
    assertEquals(
        Optional.of(home.resolve("env")), find(Optional.empty(), env, NO_TOKEN).kubeconfig());
  }

  @Test
  void theFirstExistingFileOfTheVariableCountsAndReplacesTheDefault() throws Exception {
    Path second = file("second");
    file(".kube/config");
    String list = home.resolve("absent") + ":" + second;

    assertEquals(
        Optional.of(second),
        find(Optional.empty(), Map.of("KUBECONFIG", list, "HOME", home.toString()), NO_TOKEN)
            .kubeconfig());
    assertEquals(
        Optional.of(home.resolve(".kube/config")),
        find(Optional.empty(), Map.of("HOME", home.toString()), NO_TOKEN).kubeconfig());
  }

  @Test
  void whenNothingIsFoundTheMessageSaysWhatWasTried() {
    String message =
        assertThrows(
                ClientConfigException.class,
                () -> find(Optional.empty(), Map.of("HOME", home.toString()), NO_TOKEN))
            .getMessage();

    assertTrue(message.contains("KUBERNETES_SERVICE_HOST"), message);
    assertTrue(message.contains(home.resolve(".kube/config").toString()), message);
    assertTrue(message.contains("--kubeconfig"), message);
  }

  @Test
  void aFileThatIsNoKubeconfigIsNamed() throws Exception {
    for (String content : new String[] {"", "[1, 2", "apiVersion: v1\n", "just text"}) {
      Path file = Files.writeString(home.resolve("bad"), content);
      ClientSource source = new ClientSource(Optional.of(file));

      String message =
          assertThrows(ClientConfigException.class, source::builder, content).getMessage();

      assertTrue(message.startsWith("Cannot use kubeconfig " + file), message);
    }
  }
}
