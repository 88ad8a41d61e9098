// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.dump;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.dump.DumpReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DumpCommandTest {
  @TempDir Path directory;

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DIR     | -o is DIR, must be a file and not a directory",
        "/       | -o is /, must be a file and not a directory",
        "''      | -o is empty, must be a file, or - for standard output",
        "DIR/a/b | -o: the directory DIR/a does not exist"
      })
  void placeThatNoFileCanBeInIsNamedBeforeTheClusterIsRead(String file, String sentence) {
    cluster.close();

    assertEquals(2, dump(Path.of(file.replace("DIR", directory.toString()))));

    assertEquals(
        "nodeqos: " + sentence.replace("DIR", directory.toString()),
        err.toString().lines().findFirst().orElse(""));
  }

  /** Not the device itself: a mistake in this test must not replace it. */
  @Test
  void fullDiskIsOneSentence() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    Path full = directory.resolve("full");
    Files.createSymbolicLink(full, Path.of("/dev/full"));
    cluster.installPolicyDefinition();

    assertEquals(1, dump(full));

    assertEquals(
        "nodeqos: The dump cannot be written to " + full + ": No space left on device",
        err.toString().lines().reduce((a, b) -> b).orElse(""));
    assertTrue(Files.isSymbolicLink(full));
  }

  @Test
  void namedPipeStaysOne() throws Exception {
    cluster.installPolicyDefinition();
    cluster.node("a");
    Path pipe = directory.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    Process reader =
        new ProcessBuilder("cat", pipe.toString())
            .redirectOutput(directory.resolve("copy.tar.gz").toFile())
            .start();

    assertEquals(0, dump(pipe), err::toString);

    assertEquals(0, reader.waitFor());
    assertEquals(
        1, new DumpReader(directory.resolve("copy.tar.gz")).read().snapshot().nodes().size());
  }

  /** With a process of its own, as the option and standard output are those of a process. */
  private String inProcess(ProcessBuilder.Redirect to, String option) throws Exception {
    cluster.installPolicyDefinition();
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-cp",
                System.getProperty("java.class.path"),
                "io.nodeqos.Main",
                "dump",
                "--kubeconfig",
                directory.resolve("kubeconfig").toString(),
                "-o",
                "-")
            .redirectOutput(to)
            .start();
    String said = new String(java.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, java.waitFor(), said);
    return said.lines().reduce((a, b) -> b).orElse("");
  }

  @Test
  void standardOutputThatIsFullIsOneSentence() throws Exception {
    File full = new File("/dev/full");
    assumeTrue(full.exists());

    assertEquals(
        "nodeqos: The dump cannot be written to standard output: No space left on device",
        inProcess(ProcessBuilder.Redirect.appendTo(full), "-Xshare:auto"));
  }

  @Test
  void missingDirectoryForTemporaryFilesIsOneSentence() throws Exception {
    Path none = directory.resolve("none");

    assertEquals(
        "nodeqos: The dump cannot be written to " + none + ": there is no such directory",
        inProcess(ProcessBuilder.Redirect.DISCARD, "-Djava.io.tmpdir=" + none));
  }

  /** Another service may be at the address. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"transitions\":7}"})
  void serviceThatIsNoReplicaIsNamed(String answer) {
    cluster.installPolicyDefinition();
    server.stubFor(get(anyUrl()).willReturn(ok(answer)));

    assertEquals(
        0, dump(directory.resolve("fleet.tar.gz"), "--url", server.baseUrl()), err::toString);

    assertTrue(
        err.toString().contains("The history is not in the dump: ")
            && err.toString().contains(" answers, but not as a replica"),
        err.toString());
  }

  @Test
  void pagesWithNothingInThemAreTheEnd() throws IOException {
    cluster.installPolicyDefinition();
    server.stubFor(
        get(anyUrl()).willReturn(ok("{\"transitions\":[],\"before\":\"2026-01-01T00:00:00Z\"}")));
    Path file = directory.resolve("fleet.tar.gz");

    assertEquals(0, dump(file, "--url", server.baseUrl()), err::toString);

    assertEquals(List.of(), new DumpReader(file).read().history());
  }
}
