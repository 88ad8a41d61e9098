// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.nodeqos.bench.commands.CommandsScenario;
import io.nodeqos.bench.report.Progress;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.scenario.BurstScenario;
import io.nodeqos.bench.scenario.FailoverScenario;
import io.nodeqos.bench.scenario.PoliciesScenario;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Small benchmarks whose counts must be right on any machine; their times are not looked at. */
@RealApi
@Timeout(600)
class BenchSmokeIT {
  private static final int NODES = 300;
  private static final int FEW_NODES = 30;
  private static final int NODES_OF_POLICIES = 60;
  private static final int POLICIES = 60;
  private static final int TERMINATED = 3;
  private static final int KILLED = 2;

  /** Few, as times do not count here. */
  private static final int JOINING_PER_SECOND = 2;

  @Test
  void burstWritesEachNodeOnceAndReadsNone(ControlPlane plane) throws InterruptedException {
    try (Progress progress = Progress.start()) {
      Sheet sheet =
          new BurstScenario().run(bench(plane, progress), NODES, BurstScenario.Beside.NOTHING);
      assertEquals(NODES, sheet.nodes());
      assertRight(List.of(sheet));
    }
  }

  @Test
  void policiesWriteWhatTheirNodesNeedAndNoMore(ControlPlane plane) throws InterruptedException {
    try (Progress progress = Progress.start()) {
      Results results = new Results();
      new PoliciesScenario().run(bench(plane, progress), results, NODES_OF_POLICIES, POLICIES);
      assertEquals(2, results.sheets().size());
      assertRight(results.sheets());
    }
  }

  @Test
  void failoversLoseAndDoubleNoWrite(ControlPlane plane) throws InterruptedException {
    try (Progress progress = Progress.start()) {
      Results results = new Results();
      new FailoverScenario()
          .run(bench(plane, progress), results, TERMINATED, KILLED, JOINING_PER_SECOND);
      assertEquals(2, results.sheets().size());
      assertRight(results.sheets());
    }
  }

  /** Of these, that explain needs at most five requests for a node. */
  @Test
  void commandsReadAllAndWriteNothing(ControlPlane plane) throws InterruptedException {
    try (Progress progress = Progress.start()) {
      Results results = new Results();
      new CommandsScenario().run(bench(plane, progress), results, FEW_NODES, 1);
      assertEquals(7, results.sheets().size());
      assertRight(results.sheets());
    }
  }

  private static Bench bench(ControlPlane plane, Progress progress) {
    return new Bench(
        OptionalInt.empty(), OptionalInt.empty(), true, false, progress, () -> plane.another());
  }

  private static void assertRight(List<Sheet> sheets) {
    assertAll(
        sheets.stream()
            .flatMap(sheet -> sheet.counts().stream())
            .map(
                count ->
                    () ->
                        assertFalse(
                            count.wrong(),
                            () ->
                                "%s: %d, expected %s"
                                    .formatted(count.name(), count.value(), count.expected()))));
  }
}
