// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

/**
 * A column of a table.
 *
 * @param title in capitals; a table whose titles are all empty has no first line
 * @param onlyWide left out unless all columns are asked for
 * @param right numbers stand at the right edge
 */
public record Column(String title, boolean onlyWide, boolean right) {
  public static Column of(String title) {
    return new Column(title, false, false);
  }

  /** A column of numbers. */
  public static Column number(String title) {
    return new Column(title, false, true);
  }

  /** A column that only {@code -o wide} shows. */
  public static Column wide(String title) {
    return new Column(title, true, false);
  }
}
