// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.snapshot.DumpReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpCommandTest {
  @TempDir Path directory;

  private final SimCluster cluster = new SimCluster();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: "%s"}}]
        users: [{name: test, user: {token: t}}]
        """
            .formatted(cluster.url()));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private int dump(Path file, String... more) {
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.concat(
                    Stream.of(
                        "dump",
                        "--kubeconfig",
                        directory.resolve("kubeconfig").toString(),
                        "-o",
                        file.toString()),
                    Stream.of(more))
                .toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void dumpIsWrittenForItsOwnerAndCounted() throws IOException {
    cluster.installPolicyDefinition();
    cluster.namespace("nodeqos-system", "");
    cluster.node("a");
    cluster.node("b");
    cluster.pod("kube-system", "cni", "a");
    cluster.policy("base");
    Path file = directory.resolve("fleet.tar.gz");
    Files.writeString(file, "an older one");

    assertEquals(0, dump(file), err::toString);

    assertEquals(
        "dumped 2 nodes, 1 pod, 0 DaemonSets, 1 policy. Left out: annotations but our own, env,"
            + " args, Secrets (none are read). --redact hashes names.\n",
        out.toString());
    assertTrue(
        err.toString()
            .contains("nodeqos: ConfigMap nodeqos-system/node-qos-controller does not exist"),
        err.toString());
    assertEquals(
        err.toString().lines().distinct().toList(), err.toString().lines().toList(), "each once");
    assertEquals(List.of("fleet.tar.gz", "kubeconfig"), files(), "nothing else is left");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(2, new DumpReader(file).read().snapshot().nodes().size());
  }

  @Test
  void namesAreHashedOnRequest() throws IOException {
    cluster.installPolicyDefinition();
    cluster.node("secret-node");
    Path file = directory.resolve("fleet.tar.gz");

    assertEquals(0, dump(file, "--redact"), err::toString);

    assertTrue(out.toString().endsWith(" Names are hashed.\n"), out.toString());
    assertTrue(
        new DumpReader(file).read().snapshot().nodes().get(0).name().matches("x\\d{6}-[0-9a-f]{6}"),
        "a hashed name");
  }

  @Test
  void clusterThatCannotBeReadLeavesNoFile() throws IOException {
    assertEquals(1, dump(directory.resolve("fleet.tar.gz")));

    assertTrue(err.toString().contains("This cluster has no NodeQoSPolicies"), err.toString());
    assertEquals("", out.toString());
    assertEquals(List.of("kubeconfig"), files());
  }

  @Test
  void missingDirectoryIsNamed() {
    cluster.installPolicyDefinition();

    assertEquals(1, dump(directory.resolve("none").resolve("fleet.tar.gz")));

    assertTrue(
        err.toString().contains("-o: no file can be made in " + directory.resolve("none")),
        err.toString());
  }
}
