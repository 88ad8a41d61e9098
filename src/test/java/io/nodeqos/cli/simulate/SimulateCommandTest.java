// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.cli.command.Version;
import io.nodeqos.kube.dump.DumpArchive;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulateCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void policies() throws IOException {
    Files.writeString(directory.resolve("base.yaml"), Fleets.BASE);
    Files.createDirectories(directory.resolve("expect"));
    Files.writeString(
        directory.resolve("expect/e.yaml"),
        "{apiVersion: cli.nodeqos.io/v1, kind: Expectations, expect: [{warnings: none}]}");
  }

  @BeforeEach
  void filesWithMistakes() throws IOException {
    Files.writeString(
        directory.resolve("noname.txt"), Fleets.BASE.replace("{name: base}", "{labels: {}}"));
    Files.write(directory.resolve("latin1.txt"), new byte[] {'#', (byte) 0xe4});
    Files.writeString(directory.resolve("self.txt"), "&a {spec: *a}");
    Files.writeString(directory.resolve("bell.txt"), "expect: b\u0007");
  }

  private int run(String... arguments) {
    CommandLine line = NodeQosCommand.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of("simulate"));
    for (String argument : arguments) {
      all.add(argument.replace("DIR", directory.toString()));
    }
    return line.execute(all.toArray(String[]::new));
  }

  @Test
  void sameSeedGivesTheSameOutput() {
    String[] arguments = {
      "--nodes", "12,gpu=25%,stuck=1", "-f", "DIR", "--join", "4@2/s", "--json"
    };
    assertEquals(0, run(arguments));
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertEquals(0, run(arguments));
    assertEquals(first, out.toString());
    JsonObject json = JsonParser.parseString(first).getAsJsonObject();
    assertEquals("Simulation", json.get("kind").getAsString());
    assertEquals(4, json.getAsJsonObject("nodes").get("joined").getAsInt());
    assertEquals(15, json.getAsJsonObject("nodes").get("becameWarm").getAsInt());
  }

  @Test
  void failedExpectationIsExitCode4AndInTheJunitReport() throws IOException {
    Files.writeString(
        directory.resolve("expect.yml.txt"),
        """
        apiVersion: cli.nodeqos.io/v1
        kind: Expectations
        expect:
          - warm: {within: 5m}
          - unchanged: {}
        """);
    assertEquals(
        4,
        run(
            "--nodes",
            "3",
            "-f",
            "DIR/base.yaml",
            "--expect",
            "DIR/expect.yml.txt",
            "--junit",
            "DIR/junit.xml"));
    assertTrue(out.toString().contains("  ok     nodes: all are warm within 5m\n"), out.toString());
    assertTrue(out.toString().contains("  FAIL   nodes: none changes: 3 of 3"), out.toString());
    assertTrue(
        Files.readString(directory.resolve("junit.xml")).contains("tests=\"2\" failures=\"1\""));
  }

  @Test
  void withoutExpectationsAWarningIsExitCode4() throws IOException {
    Files.writeString(
        directory.resolve("bad.yaml"),
        Fleets.BASE.replace("nodeReady: {}", "stableFor: 999999999999h"));
    assertEquals(4, run("--nodes", "2", "-f", "DIR/bad.yaml"));
    assertTrue(out.toString().contains("1 policy: base; 1 not valid"), out.toString());
  }

  @Test
  void refusedPolicyIsBadInput() throws IOException {
    Files.writeString(
        directory.resolve("bad.yaml"), Fleets.BASE.replace("weight: 800", "wait: 800"));
    assertEquals(2, run("--nodes", "2", "-f", "DIR/bad.yaml"));
    assertTrue(err.toString().contains("bad.yaml"), err.toString());
    assertTrue(
        err.toString().contains("unknown field \"spec.quota.classes[0].cpu.wait\""),
        err.toString());
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --nodes 0                                   | --nodes is 0, must be from 1 to 50000
          --nodes 5,cpu=2                             | --nodes is 5,cpu=2, must be like 5000 or 5000,gpu=20%,stuck=3, with fewer stuck nodes than nodes
          --nodes 5,stuck=5                           | --nodes is 5,stuck=5, must be like 5000 or 5000,gpu=20%,stuck=3, with fewer stuck nodes than nodes
          --nodes 5 --for soon                        | --for is soon, must be a duration such as 30m, at most 168h
          --nodes 5 --join 5                          | --join is 5, must be like 500@20/s: nodes, and how many a second
          --nodes 5 --node-ready 5s..1s               | --node-ready is 5s..1s, but 1s is less
          --nodes 5 --what-if sunshine                | --what-if is sunshine, must be agent=DAEMONSET[,LABEL=VALUE], restart or delete=POLICY
          --nodes 5 --register-with-taint taint       | --register-with-taint is taint, must be none or a key such as nodeqos.io/warming-up
          --nodes 5 --junit x                         | --junit needs --expect
          --nodes 5 --expect DIR/expect/e.yaml --junit no/x  | --junit no/x is not a file that can be written
          --nodes 5 -f DIR/none.yaml                  | DIR/none.yaml does not exist
          --nodes 5 --expect DIR/none.yaml            | DIR/none.yaml does not exist
          --dump DIR/none.tgz                         | DIR/none.tgz does not exist
          --dump DIR/base.yaml                        | DIR/base.yaml is not a dump of nodeqos: it is no tar.gz archive
          --nodes 5 --what-if delete=other            | --what-if delete=other: there is no such policy
          --nodes 5 --what-if agent=other             | --what-if agent=other: there is no such DaemonSet
          --nodes 5 --what-if agent=cilium,a==b==c    | --what-if is agent=cilium,a==b==c, but a==b==c is no selector like zone=a,pool!=gpu
          --nodes 5 --what-if agent=cilium,zone=mars  | --what-if agent=cilium,zone=mars: no node has such labels
          --nodes 5 -f DIR/noname.txt                 | DIR/noname.txt lacks the field metadata.name
          --nodes 5 -f DIR/base.yaml -f DIR/base.yaml | policy base is there twice: DIR/base.yaml and DIR/base.yaml
          --nodes 5 -f DIR/latin1.txt                 | DIR/latin1.txt is not UTF-8
          --nodes 5 --expect DIR/latin1.txt           | DIR/latin1.txt is not UTF-8
          --nodes 5 -f DIR/self.txt                   | DIR/self.txt is not YAML: a value is nested too deeply, or contains itself
          --nodes 5 --expect DIR/bell.txt             | DIR/bell.txt: is not YAML: special characters are not allowed
          """)
  void badInputIsOneSentence(String arguments, String sentence) {
    assertEquals(2, run(arguments.split(" ")));
    assertEquals(
        "nodeqos: " + sentence.replace("DIR", directory.toString()),
        err.toString().lines().findFirst().orElse(""));
    assertEquals("", out.toString());
  }

  @Test
  void eachExpectationWithAMistakeIsNamed() throws IOException {
    Files.writeString(
        directory.resolve("two.txt"),
        """
        apiVersion: cli.nodeqos.io/v1
        kind: Expectations
        expect:
          - warm: {}
          - warnings: none
          - cold: {}
        """);

    assertEquals(2, run("--nodes", "5", "--expect", "DIR/two.txt"));

    assertEquals(
        """
        nodeqos: DIR/two.txt:4: expect[0].warm lacks the field within
        DIR/two.txt:6: expect[2] has the unknown field cold; allowed are config, marksLost,\
         unchanged, warm, warnings, writesPerNode
        """
            .replace("DIR", directory.toString()),
        err.toString());
  }

  @Test
  void nodesThatAreTooLateForTheEndAreCounted() {
    assertEquals(
        0, run("--nodes", "2", "-f", "DIR/base.yaml", "--join", "5@0.01/s", "--for", "5m"));

    assertTrue(out.toString().contains("4 of 5 nodes joined"), out.toString());
  }

  /** A rate at which the last node would come in three million years. */
  @Test
  void rateThatNoSimulationReachesIsNoMistake() {
    assertEquals(
        0, run("--nodes", "2", "-f", "DIR/base.yaml", "--join", "9@0.0000000001/s", "--json"));

    JsonObject nodes =
        JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonObject("nodes");
    assertEquals(1, nodes.get("joined").getAsInt());
    assertEquals(9, nodes.get("toJoin").getAsInt());
  }

  @Test
  void partsThatTheDumpLacksAreNamed() throws IOException {
    DumpArchive archive =
        new DumpArchive(
            "0.0.9", List.of("The csinodes cannot be read (HTTP 403): they are not in the dump"));
    archive.member(
        "nodes.json",
        1,
        "{\"items\":[{\"metadata\":{\"name\":\"a\",\"uid\":\"u\",\"resourceVersion\":\"1\","
            + "\"creationTimestamp\":\"2025-12-01T00:00:00Z\"}}]}");
    archive.writeTo(directory.resolve("fleet.tar.gz"));
    List<String> notes =
        List.of(
            "The csinodes cannot be read (HTTP 403): they are not in the dump",
            "The dump was taken by nodeqos 0.0.9 and is read by "
                + Version.current()
                + ": each of them may know fields that the other does not");

    assertEquals(0, run("--dump", "DIR/fleet.tar.gz"), err::toString);
    assertEquals(notes, out.toString().lines().skip(1).limit(2).toList());

    out.getBuffer().setLength(0);
    assertEquals(0, run("--dump", "DIR/fleet.tar.gz", "--json"));
    assertEquals(
        notes,
        JsonParser.parseString(out.toString())
            .getAsJsonObject()
            .getAsJsonArray("notes")
            .asList()
            .stream()
            .map(JsonElement::getAsString)
            .toList());
  }
}
