// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.rig.Bench;

/** One thing that is measured, from its own control plane to its figures. */
public interface Scenario {
  /** What the command line calls it. */
  String name();

  /** One line for {@code --help}. */
  String about();

  /** Adds the results of each part as soon as it is over: those stay when a later part fails. */
  void run(Bench bench, Results results) throws InterruptedException;
}
