// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import java.util.List;

/** One thing that is measured, from its own control plane to its figures. */
interface Scenario {
  /** What the command line calls it. */
  String name();

  /** One line for {@code --help}. */
  String about();

  Outcome run(Bench bench) throws InterruptedException;

  /**
   * What came of it.
   *
   * @param sheets one for each setup
   * @param charts where a picture says more
   */
  record Outcome(List<Sheet> sheets, List<Chart> charts) {
    static Outcome of(List<Sheet> sheets) {
      return new Outcome(List.copyOf(sheets), List.of());
    }
  }
}
