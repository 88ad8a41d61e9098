// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

/** A cell of a table. A line break in the text is printed as a space. */
public record Cell(String text, Style style) {
  public Cell {
    text = text.indexOf('\n') < 0 ? text : text.strip().replaceAll("\\R", " ");
  }

  public static Cell of(String text) {
    return new Cell(text, Style.PLAIN);
  }

  /** A dash for an empty text. */
  public static Cell orDash(String text) {
    return of(text.isEmpty() ? "-" : text);
  }
}
