// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import java.util.List;

/**
 * A picture of one scenario: lines over a common x axis, each line on the scale of its own unit.
 *
 * @param name of the file, without its ending
 */
record Chart(String name, String title, String xLabel, List<Line> lines) {
  /**
   * One line.
   *
   * @param label with its unit
   */
  record Line(String label, List<Point> points) {}

  record Point(double x, double y) {}
}
