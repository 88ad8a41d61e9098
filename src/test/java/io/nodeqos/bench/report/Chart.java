// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import java.util.List;

/**
 * A picture of one scenario: lines over a common x axis, each line on the scale of its own unit.
 *
 * @param name of the file, without its ending
 */
public record Chart(String name, String title, String xLabel, List<Line> lines) {
  /**
   * One line.
   *
   * @param label with its unit
   */
  public record Line(String label, List<Point> points) {}

  public record Point(double x, double y) {}
}
