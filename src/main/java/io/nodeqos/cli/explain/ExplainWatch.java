// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.command.Terminal;
import io.nodeqos.text.TextFormat;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Asks until the answer is that everything is warm, and prints what is new. */
final class ExplainWatch {
  private static final Duration PERIOD = Duration.ofSeconds(2);
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
    boolean redraws = !output.isStructured() && Terminal.standard().isInteractive();
    String said = "";
    while (true) {
      TextFormat format = output.text();
      ExplainAnswer answer = source.ask(question, format);
      if (redraws) {
        List<String> screen = new ArrayList<>(answer.lines().apply(format));
        screen.set(0, CLEAR + screen.get(0));
        output.printLines(screen);
      } else if (!answer.said().equals(said)) {
        print(answer, format);
      }
      output.endIfClosed();
      said = answer.said();
      if (answer.isWarm()) {
        return true;
      }
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
