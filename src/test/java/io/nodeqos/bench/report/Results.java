// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import java.util.ArrayList;
import java.util.List;

/** What came of one scenario so far. Used by one thread. */
public final class Results {
  private final List<Sheet> sheets = new ArrayList<>();
  private final List<Chart> charts = new ArrayList<>();

  /** One setup. */
  public void add(Sheet sheet) {
    sheets.add(sheet);
  }

  /** A picture, where it says more. */
  public void draw(Chart chart) {
    charts.add(chart);
  }

  public List<Sheet> sheets() {
    return List.copyOf(sheets);
  }

  public List<Chart> charts() {
    return List.copyOf(charts);
  }
}
