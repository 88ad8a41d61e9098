// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.FailoverReport.Row;
import io.nodeqos.cli.demo.FailoverRig.End;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.request.Fault;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Measures the graceful hand-over between processes at an API latency of 5 ms; a program, not a
 * test, as its figures depend on the machine. Arguments: how many hand-overs (default 30).
 */
public final class HandOverMeasurement {
  private static final Duration LATENCY = Duration.ofMillis(5);

  private HandOverMeasurement() {}

  public static void main(String[] args) throws Exception {
    int count = args.length == 0 ? 30 : Integer.parseInt(args[0]);
    List<Row> rows;
    try (FailoverRig rig = FailoverRig.start(Files.createTempDirectory("hand-over-"))) {
      rig.cluster().server().faults().inject(any -> true, new Fault.Delay(LATENCY), Faults.ALWAYS);
      for (int i = 0; i < count; i++) {
        rig.fail(End.SIGTERM);
      }
      rows = rig.report().rows();
    }
    rows.forEach(System.out::println);
    print("release of the Lease to its taking", rows, row -> row.handOver().orElseThrow());
    print(
        "SIGTERM to the taking of the Lease",
        rows,
        row -> Duration.between(row.failover().at(), row.next().taken()));
    print(
        "taking of the Lease to the first write",
        rows,
        row -> Duration.between(row.next().taken(), row.firstWrite()));
    print("without a write to a node", rows, Row::gap);
    System.exit(0);
  }

  private static void print(String description, List<Row> rows, Function<Row, Duration> of) {
    List<Duration> sorted = rows.stream().map(of).sorted().toList();
    System.out.printf(
        "%-40s P50 %5d ms, P99 %5d ms, at most %5d ms%n",
        description,
        DemoProgress.quantile(sorted, 0.5).toMillis(),
        DemoProgress.quantile(sorted, 0.99).toMillis(),
        DemoProgress.quantile(sorted, 1).toMillis());
  }
}
