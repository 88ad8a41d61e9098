// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import io.nodeqos.bench.report.Chart.Point;
import java.util.List;

/** Of the line that fits points best, by least squares. */
public final class Slope {
  private Slope() {}

  public static double linear(List<Point> points) {
    double x = points.stream().mapToDouble(Point::x).average().orElseThrow();
    double y = points.stream().mapToDouble(Point::y).average().orElseThrow();
    double across = points.stream().mapToDouble(p -> (p.x() - x) * (p.y() - y)).sum();
    double along = points.stream().mapToDouble(p -> (p.x() - x) * (p.x() - x)).sum();
    return across / along;
  }

  /** The b of the curve y = a * x^b. */
  public static double power(List<Point> points) {
    return linear(points.stream().map(p -> new Point(Math.log(p.x()), Math.log(p.y()))).toList());
  }
}
