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

class ConnectionOverridesTest {
  private static final String TWO =
      """
      apiVersion: v1
      kind: Config
      current-context: one
      clusters:
      - {name: c1, cluster: {server: "http://127.0.0.1:1"}}
      - {name: c2, cluster: {server: "http://127.0.0.1:2"}}
      users:
      - {name: u1, user: {token: t1}}
      - {name: u2, user: {token: t2, as: other, as-uid: '7', as-groups: [g]}}
      contexts:
      - {name: one, context: {cluster: c1, user: u1}}
      - {name: two, context: {cluster: c2, user: u2}}
      """;

  @TempDir Path directory;

  private ConnectionSettings settings(ConnectionOverrides overrides) throws Exception {
    return settings(TWO, overrides);
  }

  private ConnectionSettings settings(String text, ConnectionOverrides overrides)
      throws IOException, ClientConfigException {
    Path file = Files.writeString(directory.resolve("config"), text);
    return ClientSource.find(Optional.of(file), Map.of(), directory, overrides)
        .settings(Map.of(), directory, overrides);
  }

  private String refusal(ConnectionOverrides overrides) {
    return assertThrows(ClientConfigException.class, () -> settings(overrides)).getMessage();
  }

  private static ConnectionOverrides of(String context, String cluster, String user) {
    return new ConnectionOverrides(context, cluster, user, "", List.of());
  }

  @Test
  void contextTakesThePlaceOfTheCurrentOne() throws Exception {
    assertEquals("http://127.0.0.1:1", settings(ConnectionOverrides.NONE).server());
    ConnectionSettings two = settings(of("two", "", ""));
    assertEquals("http://127.0.0.1:2", two.server());
    assertEquals("other", two.impersonation().orElseThrow().user());
  }

  @Test
  void clusterAndUserTakeThePlaceOfThoseOfTheContext() throws Exception {
    assertEquals("http://127.0.0.1:2", settings(of("", "c2", "")).server());
    ConnectionSettings mixed = settings(of("two", "c1", "u1"));
    assertEquals("http://127.0.0.1:1", mixed.server());
    assertEquals(Optional.empty(), mixed.impersonation());
    assertEquals(
        "http://127.0.0.1:2",
        settings(TWO.replace("current-context: one", ""), of("", "c2", "u2")).server(),
        "both together need no context");
  }

  @Test
  void impersonatedUserTakesThePlaceOfThatOfTheKubeconfig() throws Exception {
    Impersonation as =
        settings(new ConnectionOverrides("two", "", "", "alice", List.of("a", "b")))
            .impersonation()
            .orElseThrow();
    assertEquals(new Impersonation("alice", "7", List.of("a", "b"), Map.of()), as);
    assertEquals(
        List.of("g"),
        settings(new ConnectionOverrides("two", "", "", "alice", List.of()))
            .impersonation()
            .orElseThrow()
            .groups());
  }

  @Test
  void namesThatDoNotExistAreNamedWithThoseThatDo() {
    assertTrue(
        refusal(of("three", "", ""))
            .endsWith(": the context \"three\" does not exist (contexts: one, two)."));
    assertTrue(
        refusal(of("", "c3", ""))
            .endsWith(": the cluster \"c3\" does not exist (clusters: c1, c2)."));
    assertTrue(
        refusal(of("", "", "u3")).endsWith(": the user \"u3\" does not exist (users: u1, u2)."));
    assertTrue(
        refusal(new ConnectionOverrides("", "", "", "", List.of("g")))
            .endsWith(": --as-group needs --as."));
  }

  @Test
  void podImpersonatesToo() throws Exception {
    Files.writeString(directory.resolve("token"), "t");
    Map<String, String> pod = Map.of(ConnectionSettings.SERVICE_HOST, "10.0.0.1");
    ConnectionOverrides alice = new ConnectionOverrides("", "", "", "alice", List.of());
    ClientSource source = ClientSource.find(Optional.empty(), pod, directory, alice);
    assertEquals(List.of(), source.kubeconfigs());
    assertEquals(
        "alice", source.settings(pod, directory, alice).impersonation().orElseThrow().user());
  }

  @Test
  void contextInAPodNeedsAKubeconfig() throws Exception {
    Files.writeString(directory.resolve("token"), "t");
    Map<String, String> pod = Map.of(ConnectionSettings.SERVICE_HOST, "10.0.0.1");
    assertThrows(
        ClientConfigException.class,
        () -> ClientSource.find(Optional.empty(), pod, directory, of("two", "", "")));
  }
}
