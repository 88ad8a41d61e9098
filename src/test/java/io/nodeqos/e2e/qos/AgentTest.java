// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.qos;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.realapi.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code hack/agent} with a configuration from a file, and with a stand-in for kubectl. */
class AgentTest {
  @TempDir Path directory;

  @Test
  void agentRemovesOnlyDirectoriesOfItsOwnClasses() throws IOException {
    Path root = Files.createDirectories(directory.resolve("cgroup"));
    Path foreign = Files.createDirectories(root.resolve("kubepods"));
    Files.createFile(root.resolve("nodeqos-file"));
    Files.createFile(root.resolve("cgroup.subtree_control"));
    apply("[{'name': 'gold', 'cpu': {'max': '5000 100000'}}, {'name': 'tin'}]");
    assertEquals(List.of("nodeqos-file", "nodeqos-gold", "nodeqos-tin"), own(root));
    assertEquals("+cpu +memory +io", Files.readString(root.resolve("cgroup.subtree_control")));
    assertEquals("5000 100000\n", Files.readString(root.resolve("nodeqos-gold/cpu.max")));
    assertEquals("100\n", Files.readString(root.resolve("nodeqos-tin/cpu.weight")));

    apply("[{'name': 'tin'}]");
    assertEquals(List.of("nodeqos-file", "nodeqos-tin"), own(root));
    apply("[]");
    assertEquals(List.of("nodeqos-file"), own(root));
    assertTrue(Files.exists(foreign));
  }

  private void apply(String classes) throws IOException {
    agent(config("{'version': '0123456789', 'sources': {}, 'quota': {'classes': " + classes + "}}"))
        .succeeded();
  }

  private static List<String> own(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("nodeqos-"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | the configuration is not JSON: ",
        "[] | the configuration is not a JSON object",
        "{'version': 'x'} | version is \"x\", but must be ten hex digits",
        "{'version': '0123456789', 'quota': 1} | quota is 1, but must be an object",
        "{'version': '0123456789', 'quota': {'classes': 1}} | quota.classes is 1, but must be a list",
        "{'version': '0123456789', 'quota': {'classes': [{'name': '../../etc'}]}} |"
            + " quota.classes[0].name is \"../../etc\", but must be a DNS label",
        "{'version': '0123456789', 'quota': {'classes': [{'name': 'a', 'cpu': {'weight': 0}}]}} |"
            + " quota.classes[0].cpu.weight is 0, but must be a whole number from 1 to 10000",
        "{'version': '0123456789', 'quota': {'classes': [{'name': 'a', 'cpu': {'max': 'all'}}]}} |"
            + " quota.classes[0].cpu.max is \"all\", but must be like \"50000 100000\"",
        "{'version': '0123456789', 'quota': {'classes': [{'name': 'a', 'memory': {'max': -1}}]}} |"
            + " quota.classes[0].memory.max is -1, but must be a whole number from 0 to"
            + " 9223372036854775807",
      })
  void badConfigurationIsReportedInOneSentenceAndNotApplied(String config, String sentence)
      throws IOException {
    Path root = Files.createDirectories(directory.resolve("cgroup"));
    Command done = agent(config(config));
    assertAll(
        () -> assertEquals(2, done.code(), done::toString),
        () -> assertTrue(done.error().startsWith("agent: " + sentence), done::error),
        () -> assertEquals(1, done.error().strip().lines().count()),
        () -> assertEquals(List.of(), own(root)));
  }

  @Test
  void configurationThatCannotBeAppliedIsReportedOnTheNodeOnce() throws IOException {
    Path root = Files.createDirectories(directory.resolve("cgroup"));
    String config = "{'version':'0123456789','quota':{'classes':[{'name':'gold'}]}}";
    Path inTheWay = Files.createFile(root.resolve("nodeqos-gold"));
    node(Map.of("nodeqos.io/config", config));
    Command failed = onNode();
    assertEquals(1, failed.code(), failed::toString);
    String error = "0123456789 File exists: " + inTheWay;
    assertEquals(
        List.of("annotate node n nodeqos.io/apply-error=" + error + " --overwrite"), annotated());

    node(Map.of("nodeqos.io/config", config, "nodeqos.io/apply-error", error));
    assertEquals(1, onNode().code());
    assertEquals(List.of(), annotated(), "it has said so");

    Files.delete(inTheWay);
    onNode().succeeded();
    assertEquals(
        List.of(
            "annotate node n nodeqos.io/applied-version=0123456789 nodeqos.io/apply-error-"
                + " --overwrite"),
        annotated());
  }

  @Test
  void unreadableConfigurationIsReportedWithTheVersionOfTheNode() throws IOException {
    Files.createDirectories(directory.resolve("cgroup"));
    node(Map.of("nodeqos.io/config", "[]"));
    assertEquals(2, onNode().code());
    assertEquals(
        List.of(
            "annotate node n nodeqos.io/apply-error=0123456789 the configuration is not a JSON"
                + " object --overwrite"),
        annotated());
  }

  @Test
  void errorGoesWithTheConfiguration() throws IOException {
    Files.createDirectories(directory.resolve("cgroup"));
    node(Map.of("nodeqos.io/apply-error", "0123456789 no"));
    onNode().succeeded();
    assertEquals(List.of("annotate node n nodeqos.io/apply-error- --overwrite"), annotated());
  }

  /** What the server answers with. */
  private void node(Map<String, String> annotations) throws IOException {
    JsonObject values = new JsonObject();
    annotations.forEach((key, value) -> values.addProperty(key, value.replace('\'', '"')));
    JsonObject metadata = new JsonObject();
    metadata.add("annotations", values);
    JsonObject labels = new JsonObject();
    labels.addProperty("nodeqos.io/config-version", "0123456789");
    metadata.add("labels", labels);
    JsonObject node = new JsonObject();
    node.add("metadata", metadata);
    Files.writeString(directory.resolve("node.json"), node.toString());
  }

  /** One round of the agent with a kubectl that answers with the node, and records changes. */
  private Command onNode() throws IOException {
    Path kubectl = directory.resolve("kubectl");
    Files.writeString(
        kubectl,
        "#!/bin/sh\nshift\ncase $1 in\nget) cat "
            + directory.resolve("node.json")
            + " ;;\n*) echo \"$*\" >> "
            + directory.resolve("calls")
            + " ;;\nesac\n");
    assertTrue(kubectl.toFile().setExecutable(true));
    return Command.run(
        List.of(
            Path.of("hack", "agent").toAbsolutePath().toString(),
            "--node",
            "n",
            "--cgroup-root",
            directory.resolve("cgroup").toString(),
            "--kubectl",
            kubectl.toString(),
            "--once"),
        "");
  }

  private List<String> annotated() throws IOException {
    Path calls = directory.resolve("calls");
    List<String> all = Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    Files.deleteIfExists(calls);
    return all;
  }

  @Test
  void badArgumentsAreReportedInOneSentence() throws IOException {
    Path config = config("{'version': '0123456789', 'sources': {}}");
    assertRefused(
        "--cgroup-root " + directory.resolve("cgroup") + " is not a directory", agent(config));
    Files.createDirectories(directory.resolve("cgroup"));
    assertRefused("--config " + directory.resolve("none"), agent(directory.resolve("none")));
    assertRefused("--period is 0, but must be from 1 to 3600", agent(config, "--period", "0"));
    assertRefused("argument --node: not allowed with", agent(config, "--node", "n"));
    assertRefused("unrecognized arguments: --what", agent(config, "--what"));
  }

  private static void assertRefused(String sentence, Command done) {
    assertEquals(2, done.code(), done::toString);
    assertTrue(done.error().startsWith("agent: " + sentence), done::error);
    assertFalse(done.error().strip().contains("\n"), done::error);
  }

  private Path config(String json) throws IOException {
    return Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
  }

  private Command agent(Path config, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of("hack", "agent").toAbsolutePath().toString(),
                "--config",
                config.toString(),
                "--cgroup-root",
                directory.resolve("cgroup").toString()));
    command.addAll(List.of(more));
    return Command.run(command, "");
  }
}
