// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import io.nodeqos.bench.report.Figure.Better;
import io.nodeqos.bench.report.Figure.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The figures of one setup of a scenario, written down while it runs. Used by one thread. */
public final class Sheet {
  private final String setup;
  private final int nodes;
  private final int replicas;
  private final Machine.Load load;
  private final List<Figure> figures = new ArrayList<>();
  private final List<Count> counts = new ArrayList<>();
  private OptionalDouble ceilingRatio = OptionalDouble.empty();

  private Sheet(String setup, int nodes, int replicas, Machine.Load load) {
    this.setup = setup;
    this.nodes = nodes;
    this.replicas = replicas;
    this.load = load;
  }

  /** Begins with a look at how busy the machine is. */
  public static Sheet begin(String setup, int nodes, int replicas) throws InterruptedException {
    return new Sheet(setup, nodes, replicas, Machine.load());
  }

  public void figure(String name, double value, String unit) {
    figures.add(new Figure(name, value, unit, Optional.empty(), Better.ofUnit(unit)));
  }

  /** A number or ratio that is the better the lower it is. */
  public void cost(String name, double value) {
    figures.add(new Figure(name, value, "", Optional.empty(), Better.LOWER));
  }

  public void cost(String name, long value) {
    cost(name, (double) value);
  }

  /** A number that is to be 0, and whose cause may also be a slow machine. */
  public void none(String name, long value) {
    atMost(0, name, (double) value, "");
  }

  public void atMost(double limit, String name, double value, String unit) {
    figures.add(new Figure(name, value, unit, Optional.of(new Goal(true, limit)), Better.LOWER));
  }

  void atLeast(double limit, String name, double value, String unit) {
    figures.add(new Figure(name, value, unit, Optional.of(new Goal(false, limit)), Better.HIGHER));
  }

  /** The achieved rate over the ceiling of the same run, with the goal for it. */
  public void ceiling(double limit, double rate, double ceiling) {
    ceilingRatio = OptionalDouble.of(rate / ceiling);
    atLeast(limit, "rate over ceiling", rate / ceiling, "");
  }

  public void exactly(long expected, String name, long value) {
    between(expected, expected, name, value);
  }

  public void between(long least, long most, String name, long value) {
    counts.add(new Count(name, value, least, most));
  }

  /** What was measured: nodes, variant. */
  public String setup() {
    return setup;
  }

  public int nodes() {
    return nodes;
  }

  int replicas() {
    return replicas;
  }

  /** Before it began. */
  Machine.Load load() {
    return load;
  }

  List<Figure> figures() {
    return List.copyOf(figures);
  }

  public List<Count> counts() {
    return List.copyOf(counts);
  }

  OptionalDouble ceilingRatio() {
    return ceilingRatio;
  }

  public boolean wrong() {
    return counts.stream().anyMatch(Count::wrong);
  }

  public boolean missed() {
    return figures.stream().anyMatch(Figure::missed);
  }
}
