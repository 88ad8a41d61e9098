// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NodeQosCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void helpExplainsAllCommandsAndExitCodes() {
    assertEquals(0, run("--help"));

    assertTrue(out.toString().contains("demo  "), "the demo is listed: " + out);
    assertTrue(out.toString().contains("Exit codes: 0 done"), "and the exit codes: " + out);
  }

  /** A single percent sign in a text is a wrong format for picocli, which reports it on stderr. */
  @Test
  void helpOfEachCommandIsARightFormat() {
    ByteArrayOutputStream reports = new ByteArrayOutputStream();
    PrintStream stderr = System.err;
    System.setErr(new PrintStream(reports, true, StandardCharsets.UTF_8));
    List<String> commands = new ArrayList<>();
    try {
      usageOf(NodeQosCommand.commandLine(), commands);
    } finally {
      System.setErr(stderr);
    }

    assertTrue(commands.contains("demo"), "it looks at the sub-commands: " + commands);
    assertEquals("", reports.toString(StandardCharsets.UTF_8));
  }

  private static void usageOf(CommandLine command, List<String> commands) {
    commands.add(command.getCommandName());
    assertFalse(command.getUsageMessage().isEmpty());
    command.getSubcommands().values().forEach(sub -> usageOf(sub, commands));
  }

  @Test
  void helpOfTheDemoExplainsItsOptionsAndItsLimit() {
    assertEquals(0, run("demo", "--help"));

    for (String part :
        new String[] {
          "--nodes=N",
          "--replicas=R",
          "--[no-]kill-leader",
          "--stay",
          "--rollout",
          "--traces",
          "--summary=FILE",
          "2 minutes"
        }) {
      assertTrue(out.toString().contains(part), part + " is missing: " + out);
    }
  }

  @Test
  void noCommandAtAllIsABadArgument() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("Usage: nodeqos"), "it says how to use it: " + err);
  }

  @Test
  void unknownCommandIsABadArgument() {
    assertEquals(2, run("bogus"));
  }

  @Test
  void impossibleNodeCountsAreBadArguments() {
    assertEquals(2, run("demo", "--nodes", "0"));
    assertTrue(err.toString().contains("--nodes is 0, must be from 1"), "it says why: " + err);
    assertEquals(2, run("demo", "--nodes", "many"));
  }

  @Test
  void impossibleReplicaCountsAreBadArguments() {
    assertEquals(2, run("demo", "--replicas", "0"));
    assertTrue(err.toString().contains("--replicas is 0, must be from 1"), "it says why: " + err);
    assertEquals(2, run("demo", "--replicas", "1", "--kill-leader"));
    assertTrue(
        err.toString().contains("needs another replica"), "no replica would continue: " + err);
  }

  @Test
  void rolloutNeedsNodesThatBreakAndGoesAlone() {
    assertEquals(2, run("demo", "--rollout", "--nodes", "9"));
    assertTrue(err.toString().contains("must be at least 10 with --rollout"), "why: " + err);
    assertEquals(2, run("demo", "--rollout", "--kill-leader"));
    assertEquals(2, run("demo", "--rollout", "--traces"));
    assertTrue(err.toString().contains("--rollout does not go with"), "why: " + err);
  }

  @Test
  void tracesNeedTheScriptThatDownloadsJaeger() {
    assertEquals(2, run("demo", "--traces"));
    assertTrue(err.toString().contains("use hack/demo --traces"), "it says how: " + err);
  }

  @Test
  void unwritableSummaryFileIsABadArgumentBeforeTheStart(@TempDir Path directory) {
    assertEquals(2, run("demo", "--summary", directory.toString()), "it is a directory");
    assertEquals(2, run("demo", "--summary", directory.resolve("no/such/file").toString()));
    assertTrue(err.toString().contains("is not a file that can be written"), "why: " + err);
  }

  @Test
  void versionIsThatOfTheBuild() {
    assertEquals(0, run("--version"));
    assertTrue(
        out.toString().matches("node-qos-controller \\d+\\.\\d+\\.\\d+\\S*\\s*"), "it is: " + out);
  }
}
