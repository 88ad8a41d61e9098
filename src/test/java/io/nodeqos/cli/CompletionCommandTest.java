// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  private final StringWriter out = new StringWriter();

  private String completion(String shell) {
    assertEquals(
        0,
        NodeQosCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("completion", shell));
    return out.toString();
  }

  @Test
  void bashCompletesCommandsAndOptions(@TempDir Path directory) throws Exception {
    Path script = Files.writeString(directory.resolve("completion"), completion("bash"));
    assertEquals("history", completed(script, "nodeqos", "histo"));
    assertEquals("--namespace", completed(script, "nodeqos", "status", "--namesp"));
  }

  /** What bash proposes for the last word. */
  private static String completed(Path script, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c"));
    command.add(
        "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _complete_nodeqos;"
            + " echo \"${COMPREPLY[*]}\"");
    command.add(script.toString());
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it ends");
    return said.strip();
  }

  @Test
  void fishHasALineForEachCommandAndOption() {
    List<String> lines = completion("fish").lines().toList();
    assertEquals("complete -c nodeqos -f", lines.get(0));
    assertTrue(lines.stream().noneMatch(line -> line.contains("%n")), out::toString);
    assertTrue(
        lines.contains(
            "complete -c nodeqos -n '__fish_use_subcommand' -a 'status' -d 'Shows the leader and the"
                + " phases of the nodes, or the state of one node'"),
        out::toString);
    assertTrue(
        lines.contains(
            "complete -c nodeqos -n '__fish_seen_subcommand_from status; and not"
                + " __fish_seen_subcommand_from rollout' -s o -l output -xa 'text wide"
                + " json yaml' -d 'text (the default), wide (all columns, nothing cut), json or yaml'"),
        out::toString);
    assertTrue(
        lines.contains(
            "complete -c nodeqos -n '__fish_seen_subcommand_from status; and not"
                + " __fish_seen_subcommand_from rollout' -l kubeconfig -rF -d 'A"
                + " kubeconfig, in place of the default ones'"),
        out::toString);
    assertTrue(
        lines.contains(
            "complete -c nodeqos -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'"),
        out::toString);
    String rollout = "complete -c nodeqos -n '__fish_seen_subcommand_from rollout";
    assertTrue(
        lines.stream()
            .anyMatch(
                line ->
                    line.startsWith(
                        rollout
                            + "; and not __fish_seen_subcommand_from status history pause resume"
                            + " promote retry undo' -a 'promote' ")),
        out::toString);
    assertTrue(
        lines.stream()
            .anyMatch(
                line ->
                    line.startsWith(
                        rollout + "; and __fish_seen_subcommand_from undo' -l to-revision ")),
        out::toString);
    assertTrue(
        lines.stream()
            .filter(line -> line.contains(" -l since "))
            .filter(line -> line.contains("_from history"))
            .allMatch(line -> line.contains("; and not __fish_seen_subcommand_from rollout'")),
        "history is another command than rollout history");
    assertTrue(
        lines.stream()
            .allMatch(
                line -> line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2 == 0),
        "quotes are closed");
  }
}
