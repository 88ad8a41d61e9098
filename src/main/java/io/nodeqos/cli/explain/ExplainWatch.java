// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.command.Terminal;
import io.nodeqos.text.TextFormat;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks until the answer is that everything is warm, and prints what is new. An API server that is
 * away for a while does not end it.
 */
final class ExplainWatch {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** The API server can be away for as long while it is upgraded. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The code of a server that does not answer. */
  static final String NO_ANSWER = "NoAnswer";

  private static final String CLEAR = "\u001b[H\u001b[2J";

  private final ExplainSource source;
  private final OutputOptions output;
  private final Pauses pauses;

  ExplainWatch(ExplainSource source, OutputOptions output, Pauses pauses) {
    this.source = source;
    this.output = output;
    this.pauses = pauses;
  }

  /**
   * @param limit zero for none
   * @return false at the limit
   */
  boolean until(ExplainQuestion question, Duration limit) throws InterruptedException {
    long start = pauses.time().nanos();
    long answered = start;
    String said = "";
    boolean isFirst = true;
    boolean isAway = false;
    while (true) {
      try {
        ExplainAnswer answer = source.ask(question, output.text());
        show(answer, said);
        said = answer.said();
        if (answer.isWarm()) {
          return true;
        }
        answered = pauses.time().nanos();
        isAway = false;
      } catch (CommandException e) {
        boolean isTolerable =
            !isFirst
                && e.code().equals(NO_ANSWER)
                && pauses.time().since(answered).compareTo(PATIENCE) < 0;
        if (!isTolerable) {
          throw e;
        }
        if (!isAway) {
          output.remark(e.getMessage() + "; still asking");
        }
        isAway = true;
      }
      isFirst = false;
      Duration spent = pauses.time().since(start);
      if (!limit.isZero() && spent.plus(PERIOD).compareTo(limit) > 0) {
        Duration left = limit.minus(spent);
        if (left.isNegative() || left.isZero()) {
          return false;
        }
        pauses.sleep(left);
      } else {
        pauses.sleep(PERIOD);
      }
    }
  }

  private void show(ExplainAnswer answer, String said) {
    TextFormat format = output.text();
    if (!output.isStructured() && Terminal.standard().isInteractive()) {
      List<String> screen = new ArrayList<>(answer.lines().apply(format));
      screen.set(0, CLEAR + screen.get(0));
      output.printLines(screen);
    } else if (!answer.said().equals(said)) {
      print(answer, format);
    }
  }

  private void print(ExplainAnswer answer, TextFormat format) {
    if (output.isStructured()) {
      output.printObject(answer.kind(), answer.body());
      return;
    }
    JsonObject body = answer.body();
    String at = body.get("at").getAsString();
    output.printLines(
        List.of(
            Instant.parse(at).truncatedTo(ChronoUnit.SECONDS)
                + "  "
                + answer.lines().apply(format).get(0)));
  }
}
