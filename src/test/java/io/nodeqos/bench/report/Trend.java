// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import io.nodeqos.bench.report.Chart.Point;
import java.util.Arrays;
import java.util.List;

/**
 * How fast a measured value grows, by the method of Theil and Sen: the median of the slopes between
 * all pairs of points. A single leap, such as that of a heap which has grown once, does not move it
 * as it moves a line of least squares.
 *
 * @param low lower end of the interval in which the slope is with a probability of 95 %, if the
 *     points are independent
 * @param high its upper end
 */
public record Trend(double slope, double low, double high) {
  /** Of the normal distribution, for 95 % on both sides. */
  private static final double QUANTILE = 1.96;

  /**
   * Of at least two points.
   *
   * @param points with different x
   */
  public static Trend of(List<Point> points) {
    int n = points.size();
    double[] slopes = new double[n * (n - 1) / 2];
    int pairs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        Point a = points.get(i);
        Point b = points.get(j);
        slopes[pairs++] = (b.y() - a.y()) / (b.x() - a.x());
      }
    }
    Arrays.sort(slopes);
    // The variance of Kendall's statistic, from which Sen's interval follows.
    double spread = QUANTILE * Math.sqrt(n * (n - 1.0) * (2.0 * n + 5) / 18);
    return new Trend(
        (slopes[(pairs - 1) / 2] + slopes[pairs / 2]) / 2,
        at(slopes, (pairs - spread) / 2),
        at(slopes, (pairs + spread) / 2));
  }

  private static double at(double[] sorted, double rank) {
    return sorted[(int) Math.max(0, Math.min(sorted.length - 1, Math.round(rank)))];
  }
}
