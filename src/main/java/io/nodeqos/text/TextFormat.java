// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

/**
 * How text is printed.
 *
 * @param width of the terminal in columns; 0 where lines may have any length
 * @param colours whether styles show
 * @param wide all columns of tables, and no line is cut
 */
public record TextFormat(int width, boolean colours, boolean wide) {
  static final String ELLIPSIS = "...";

  /** A narrower terminal wraps. */
  private static final int MIN_WIDTH = 20;

  /** For a file, a pipe or a reader over HTTP. */
  public static TextFormat plain() {
    return new TextFormat(0, false, false);
  }

  /** The text in this style, where styles show. */
  public String styled(Style style, String text) {
    return colours ? style.on(text) : text;
  }

  /** The text, which has no styles, cut at its end to the width. */
  public String fitted(String text) {
    return text.length() <= limit()
        ? text
        : start(text, limit() - ELLIPSIS.length()).stripTrailing() + ELLIPSIS;
  }

  /** The longest line; without a limit the largest number. */
  int limit() {
    return wide || width <= 0 ? Integer.MAX_VALUE : Math.max(width, MIN_WIDTH);
  }

  /** The first characters of a text. */
  static String start(String text, int length) {
    int end = Math.max(0, Math.min(text.length(), length));
    // Not between the two halves of a character.
    return text.substring(
        0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }
}
