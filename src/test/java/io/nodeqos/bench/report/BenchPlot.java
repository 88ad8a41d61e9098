// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import io.nodeqos.bench.report.Chart.Line;
import io.nodeqos.bench.report.Chart.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Draws a chart as SVG: up to four lines, each from zero to its own greatest value. */
public final class BenchPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 60;
  private static final int RIGHT = 30;
  private static final int TOP = 50;
  private static final int BOTTOM = 110;
  private static final int TICK_WIDTH = 40;
  private static final List<String> COLORS = List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd");

  private final Chart chart;
  private final StringBuilder out = new StringBuilder();

  private BenchPlot(Chart chart) {
    this.chart = chart;
  }

  public static String svg(Chart chart) {
    return new BenchPlot(chart).draw();
  }

  private String draw() {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif'"
            + " font-size='12'>",
        WIDTH, HEIGHT);
    add("<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
    add("<text x='%d' y='24' font-size='15'>%s</text>", LEFT, escape(chart.title()));
    add(
        "<path d='M%d %d V%d H%d' fill='none' stroke='#444'/>",
        LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT);
    ticks();
    for (int i = 0; i < chart.lines().size(); i++) {
      line(chart.lines().get(i), COLORS.get(i % COLORS.size()), i);
    }
    add("</svg>");
    return out.toString();
  }

  private void ticks() {
    int base = HEIGHT - BOTTOM;
    List<Double> values =
        chart.lines().stream()
            .flatMap(line -> line.points().stream())
            .map(Point::x)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .toList();
    double right = Double.POSITIVE_INFINITY;
    for (double value : values) {
      // One that would be written into its neighbour is left out, the greatest is there.
      if (right - x(value) >= TICK_WIDTH) {
        right = x(value);
        add(
            "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
            right, base + 16, Figure.number(value));
      }
    }
    add(
        "<text x='%d' y='%d' text-anchor='middle'>%s</text>",
        (LEFT + WIDTH - RIGHT) / 2, base + 34, escape(chart.xLabel()));
  }

  private void line(Line line, String color, int number) {
    double top = line.points().stream().mapToDouble(Point::y).max().orElse(1);
    StringBuilder path = new StringBuilder();
    for (Point point : line.points()) {
      path.append(path.isEmpty() ? "M" : " L");
      path.append(String.format(Locale.ROOT, "%.1f %.1f", x(point.x()), y(point.y(), top)));
    }
    add("<path d='%s' fill='none' stroke='%s' stroke-width='2'/>", path, color);
    for (Point point : line.points()) {
      add(
          "<circle cx='%.1f' cy='%.1f' r='3' fill='%s'><title>%s: %s</title></circle>",
          x(point.x()),
          y(point.y(), top),
          color,
          Figure.number(point.x()),
          Figure.number(point.y()));
    }
    int row = HEIGHT - BOTTOM + 52 + 16 * number;
    add("<path d='M%d %d h24' stroke='%s' stroke-width='2'/>", LEFT, row - 4, color);
    add(
        "<text x='%d' y='%d'>%s, top of the scale %s</text>",
        LEFT + 32, row, escape(line.label()), Figure.number(top));
  }

  private double x(double value) {
    double most =
        chart.lines().stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Point::x)
            .max()
            .orElse(1);
    return LEFT + value / (most == 0 ? 1 : most) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - value / (top == 0 ? 1 : top) * (HEIGHT - TOP - BOTTOM);
  }

  private void add(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
  }
}
