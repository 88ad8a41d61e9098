// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How text is printed.
 *
 * @param width of the terminal in columns; 0 where lines may have any length
 * @param colours whether styles show
 * @param wide all columns of tables, and no line is cut
 */
public record TextFormat(int width, boolean colours, boolean wide) {
  static final String ELLIPSIS = "...";

  private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

  /** Longer lines of text are hard to read. */
  private static final int READABLE = 100;

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

  /** A text that may have styles, cut at its end to the width. */
  public String fittedStyled(String text) {
    if (STYLE.matcher(text).replaceAll("").length() <= limit()) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int left = limit() - ELLIPSIS.length();
    Matcher style = STYLE.matcher(text);
    int end = 0;
    while (style.find()) {
      String piece = start(text.substring(end, style.start()), left);
      left -= piece.length();
      cut.append(piece).append(style.group());
      end = style.end();
    }
    return cut.append(start(text.substring(end), left)) + ELLIPSIS;
  }

  /** The text in lines that break between words, each with this indent. */
  public List<String> wrapped(String text, String indent) {
    int most = Math.min(limit(), READABLE) - indent.length();
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > most) {
        lines.add(indent + line);
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(indent + line);
    return lines;
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
