// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import java.util.regex.Pattern;

/** A cell of a table: one line of {@linkplain #oneLine printable} text. */
public record Cell(String text, Style style) {
  /** Control characters, line separators, and characters that change the direction of the text. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile(
          "[\\p{Cntrl}\\x{80}-\\x{9f}\\x{200e}\\x{200f}\\x{2028}-\\x{202e}\\x{2066}-\\x{2069}]+");

  public Cell {
    text = oneLine(text);
  }

  /**
   * The text as one line, with a space for line breaks and control characters: a message of a
   * container or a webhook must not steer the terminal of its reader.
   */
  public static String oneLine(String text) {
    return UNPRINTABLE.matcher(text).find()
        ? UNPRINTABLE.matcher(text).replaceAll(" ").strip()
        : text;
  }

  public static Cell of(String text) {
    return new Cell(text, Style.PLAIN);
  }

  /** A dash for an empty text. */
  public static Cell orDash(String text) {
    return of(text.isEmpty() ? "-" : text);
  }
}
