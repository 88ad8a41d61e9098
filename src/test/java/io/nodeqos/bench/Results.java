// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import java.util.ArrayList;
import java.util.List;

/** What came of one scenario so far. Used by one thread. */
final class Results {
  private final List<Sheet> sheets = new ArrayList<>();
  private final List<Chart> charts = new ArrayList<>();

  /** One setup. */
  void add(Sheet sheet) {
    sheets.add(sheet);
  }

  /** A picture, where it says more. */
  void draw(Chart chart) {
    charts.add(chart);
  }

  List<Sheet> sheets() {
    return List.copyOf(sheets);
  }

  List<Chart> charts() {
    return List.copyOf(charts);
  }
}
