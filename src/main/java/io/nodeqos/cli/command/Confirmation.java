// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;

/** Asks a person before something is written. A script is not asked: it has decided. */
public final class Confirmation {
  private final boolean isPerson;
  private final BufferedReader answers;
  private final PrintWriter questions;

  /**
   * @param isPerson whether a person is at the terminal
   * @param questions standard error, so that pipes stay clean
   */
  public Confirmation(boolean isPerson, BufferedReader answers, PrintWriter questions) {
    this.isPerson = isPerson;
    this.answers = answers;
    this.questions = questions;
  }

  /** At the terminal of this process, where it has one. */
  public static Confirmation standard(PrintWriter questions) {
    return new Confirmation(
        Terminal.standard().isInteractive(),
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
        questions);
  }

  /**
   * Asks, and returns when the answer is yes.
   *
   * @param question without the answers
   * @throws CommandException when the answer is another one
   */
  public void ask(String question) {
    if (!isPerson) {
      return;
    }
    questions.print(question + " [y/N] ");
    questions.flush();
    if (!isYes(answer())) {
      throw CommandException.failed("NotConfirmed", "not confirmed; nothing was written");
    }
  }

  private String answer() {
    try {
      String line = answers.readLine();
      return line == null ? "" : line.strip().toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isYes(String answer) {
    return answer.equals("y") || answer.equals("yes");
  }
}
