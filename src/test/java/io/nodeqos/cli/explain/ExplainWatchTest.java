// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.time.Pauses;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ExplainWatchTest {
  private static final ExplainQuestion NODE = new ExplainQuestion("n", "");

  private final FakeTime time = new FakeTime();
  private final Deque<ExplainSource> answers = new ArrayDeque<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  /** A command with this output alone. */
  @Command(name = "nodeqos")
  static final class Printing implements Runnable {
    @Mixin OutputOptions output;

    @Override
    public void run() {}
  }

  private boolean watch(Duration limit) throws InterruptedException {
    Printing printing = new Printing();
    new CommandLine(printing)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(error, true))
        .parseArgs();
    return new ExplainWatch(
            (question, format) ->
                (answers.size() > 1 ? answers.poll() : answers.peek()).ask(question, format),
            printing.output,
            new Pauses(time.source(), time::advance, () -> 0))
        .until(NODE, limit);
  }

  private static ExplainSource says(boolean isWarm, String why) {
    JsonObject body = new JsonObject();
    body.addProperty("at", "2026-03-01T00:00:00Z");
    return (question, format) ->
        new ExplainAnswer("Explanation", body, isWarm, why, f -> List.of("n: " + why));
  }

  private static ExplainSource fails(String code) {
    return (question, format) -> {
      throw CommandException.failed(code, "the server is away");
    };
  }

  @Test
  void lineIsPrintedForEachChangeUntilWarm() throws InterruptedException {
    answers.addAll(List.of(says(false, "a"), says(false, "a"), says(false, "b"), says(true, "c")));

    assertTrue(watch(Duration.ZERO));

    assertEquals(
        List.of(
            "2026-03-01T00:00:00Z  n: a",
            "2026-03-01T00:00:00Z  n: b",
            "2026-03-01T00:00:00Z  n: c"),
        out.toString().lines().toList());
  }

  @Test
  void serverThatIsAwayForAWhileDoesNotEndIt() throws InterruptedException {
    answers.addAll(
        List.of(
            says(false, "a"),
            fails(ExplainWatch.NO_ANSWER),
            fails(ExplainWatch.NO_ANSWER),
            says(true, "b")));

    assertTrue(watch(Duration.ZERO));

    assertEquals(
        List.of("nodeqos: the server is away; still asking"), error.toString().lines().toList());
  }

  @Test
  void firstFailureAndAnyOtherFailureEndIt() {
    answers.add(fails(ExplainWatch.NO_ANSWER));
    assertThrows(CommandException.class, () -> watch(Duration.ZERO));

    answers.clear();
    answers.addAll(List.of(says(false, "a"), fails("NotFound")));
    assertThrows(CommandException.class, () -> watch(Duration.ZERO));
  }

  @Test
  void serverThatStaysAwayEndsIt() {
    answers.addAll(List.of(says(false, "a"), fails(ExplainWatch.NO_ANSWER)));

    assertThrows(CommandException.class, () -> watch(Duration.ZERO));

    assertTrue(time.instant().isBefore(FakeTime.START.plusSeconds(130)));
  }

  @Test
  void lastQuestionIsAtTheTimeout() throws InterruptedException {
    answers.add(says(false, "a"));

    assertFalse(watch(Duration.ofSeconds(5)));

    assertEquals(FakeTime.START.plusSeconds(5), time.instant());
  }
}
