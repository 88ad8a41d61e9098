// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.NodeQosCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MistakesTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  private int run(String... arguments) {
    return NodeQosCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private List<String> said() {
    return err.toString().lines().toList();
  }

  @Test
  void badArgumentIsOneSentenceAndTheWayToTheHelp() {
    assertEquals(2, run("demo", "--nodes", "0"));
    assertEquals(
        List.of("nodeqos: --nodes is 0, must be from 1 to 50000", "Run 'nodeqos demo --help'"),
        said());
    assertEquals("", out.toString());
  }

  @Test
  void argumentTooManyIsNamed() {
    assertEquals(2, run("history", "a", "b"));
    assertEquals("nodeqos: unexpected argument b", said().get(0));
  }

  @Test
  void unknownOptionComesWithTheNearestOne() {
    assertEquals(2, run("status", "--leas", "x"));
    assertEquals("nodeqos: unknown option --leas; did you mean --lease?", said().get(0));
  }

  @Test
  void unknownCommandComesWithTheNearestOne() {
    assertEquals(2, run("statsu"));
    assertEquals(
        List.of("nodeqos: unknown command statsu; did you mean status?", "Run 'nodeqos --help'"),
        said());
  }

  @Test
  void unknownCommandThatIsLikeNoneComesWithoutOne() {
    assertEquals(2, run("bogus"));
    assertEquals("nodeqos: unknown command bogus", said().get(0));
  }

  @Test
  void missingAndImpossibleArgumentsAreSentences() {
    Map<String, String> sentences = new LinkedHashMap<>();
    sentences.put("history", "history needs NODE");
    sentences.put("dump", "dump needs --output FILE");
    sentences.put("explain", "explain needs NODE, --policy NAME or --all");
    sentences.put("explain a --all", "NODE and --all exclude each other");
    sentences.put("explain --all --policy p", "--policy=NAME and --all exclude each other");
    sentences.put("plan -f", "--filename needs FILE");
    sentences.put("status --context", "--context needs NAME");
    sentences.put("status --context a --context b", "--context is given more than once");
    sentences.put("completion", "completion needs SHELL");
    sentences.put("completion ksh", "SHELL is ksh, must be bash, zsh or fish");
    sentences.put("status --admin-port x", "--admin-port is x, must be a whole number");
    sentences.put("status --admin-port 99999", "--admin-port is 99999, must be from 1 to 65535");
    sentences.put("demo --stay=maybe", "--stay is maybe, must be true or false");
    sentences.forEach(
        (arguments, sentence) -> {
          err.getBuffer().setLength(0);
          assertEquals(2, run(arguments.split(" ")), arguments);
          assertEquals(
              List.of(
                  "nodeqos: " + sentence,
                  "Run 'nodeqos " + arguments.replaceFirst(" .*", "") + " --help'"),
              said());
        });
  }

  @Test
  void helpListsEachCommandWithItsFirstSentence() {
    assertEquals(0, run("--help"));
    assertTrue(
        out.toString()
            .contains(
                "  events           Shows what the controller did: configurations, warm-ups,\n"
                    + "                     policies, terms of leaders.\n"
                    + "  explain "),
        out::toString);
    assertFalse(out.toString().contains("class-archive"), "which only the build needs: " + out);
    assertTrue(out.toString().lines().allMatch(line -> line.length() <= 80), "on a screen: " + out);
  }

  @Test
  void helpOfACommandStartsWithItsArguments() {
    assertEquals(0, run("status", "--help"));
    assertTrue(
        out.toString().startsWith("Usage: nodeqos status [OPTIONS] [NODE]\n"), out::toString);
    out.getBuffer().setLength(0);
    assertEquals(0, run("rollout", "undo", "--help"));
    assertTrue(
        out.toString().startsWith("Usage: nodeqos rollout undo [OPTIONS] POLICY\n"), out::toString);
  }

  @Test
  void mistakeIsAnObjectWhereJsonIsAskedFor() {
    for (String[] arguments :
        List.of(
            new String[] {"status", "--bogus", "-o", "json"},
            new String[] {"status", "--bogus", "-ojson"},
            new String[] {"status", "--bogus", "--output=json"},
            new String[] {"status", "--bogus", "--json"})) {
      out.getBuffer().setLength(0);
      assertEquals(2, run(arguments));
      JsonObject error = JsonParser.parseString(out.toString()).getAsJsonObject();
      assertEquals("cli.nodeqos.io/v1", error.get("apiVersion").getAsString());
      assertEquals("Error", error.get("kind").getAsString());
      assertEquals("BadArguments", error.get("code").getAsString());
      assertEquals("unknown option --bogus", error.get("message").getAsString());
    }
  }

  @Test
  void failureIsAnObjectInYaml() throws Exception {
    Path kubeconfig = Files.writeString(directory.resolve("config"), "[");
    assertEquals(2, run("status", "--kubeconfig", kubeconfig.toString(), "-o", "yaml"));
    assertTrue(
        out.toString()
            .startsWith("apiVersion: cli.nodeqos.io/v1\nkind: Error\ncode: BadKubeconfig\n"),
        out::toString);
    assertEquals(1, said().size(), err::toString);
  }

  @Test
  void helpBreaksNoAddressAndNoKeyOfASetting() {
    assertEquals(0, run("status", "--help"));
    assertTrue(out.toString().contains("http://127.0.0.1:8081."), out::toString);
    assertEquals(0, run("controller", "--help"));
    assertTrue(out.toString().contains("(http.adminPort)."), out::toString);
  }

  @Test
  void settingsHaveTheirVariablesAndAFilter() {
    assertEquals(0, run("settings", "adminport"));
    assertEquals(
        List.of(
            "http.adminPort (default 8081)",
            "    NODEQOS_HTTP_ADMINPORT",
            "    Port of the operators' views, always on 127.0.0.1; 0 takes a free one. Must be a whole number",
            "    from 0 to 65535."),
        out.toString().lines().toList());
    out.getBuffer().setLength(0);
    assertEquals(0, run("settings", "adminport", "-o", "json"));
    JsonObject setting =
        JsonParser.parseString(out.toString())
            .getAsJsonObject()
            .getAsJsonArray("settings")
            .get(0)
            .getAsJsonObject();
    assertEquals("NODEQOS_HTTP_ADMINPORT", setting.get("variable").getAsString());
    assertEquals("8081", setting.get("default").getAsString());
    assertEquals(1, run("settings", "nonsense"));
  }

  @Test
  void formatThatDoesNotExistIsNamed() {
    assertEquals(2, run("status", "-o", "xml"));
    assertEquals("nodeqos: -o is xml, must be text, wide, json or yaml", said().get(0));
  }

  @Test
  void eachCommandKnowsTheVersion() {
    assertEquals(0, run("status", "-V"));
    assertTrue(out.toString().startsWith("node-qos-controller "), out::toString);
  }

  @Test
  void contextThatDoesNotExistIsNamedWithThoseThatDo() throws Exception {
    Path kubeconfig =
        Files.writeString(
            directory.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            current-context: one
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: u, user: {}}]
            contexts: [{name: one, context: {cluster: c, user: u}}]
            """);
    assertEquals(2, run("status", "--kubeconfig", kubeconfig.toString(), "--context", "two"));
    assertEquals(
        "nodeqos: Cannot use kubeconfig "
            + kubeconfig
            + ": the context \"two\" does not exist (contexts: one).",
        said().get(0));
  }

  @Test
  void requestTimeoutIsADuration() {
    assertEquals(2, run("status", "--request-timeout", "soon"));
    assertTrue(
        said().get(0).startsWith("nodeqos: --request-timeout: \"soon\" is not a duration"),
        err::toString);
  }
}
