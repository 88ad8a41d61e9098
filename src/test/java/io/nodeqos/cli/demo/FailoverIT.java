// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static io.nodeqos.cli.demo.FailoverRig.End.RESTART;
import static io.nodeqos.cli.demo.FailoverRig.End.SIGKILL;
import static io.nodeqos.cli.demo.FailoverRig.End.SIGSTOP;
import static io.nodeqos.cli.demo.FailoverRig.End.SIGTERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.demo.FailoverReport.Row;
import io.nodeqos.cli.demo.FailoverRig.End;
import io.nodeqos.fixture.Alone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaders that end in every way, as processes, while nodes go on to join. */
@Alone
class FailoverIT {

  private static final List<End> ENDS =
      List.of(
          SIGTERM, SIGKILL, SIGTERM, SIGSTOP, SIGTERM, SIGKILL, SIGTERM, SIGSTOP, SIGTERM, SIGKILL,
          SIGTERM, SIGSTOP, SIGTERM, SIGKILL, SIGSTOP, SIGKILL, SIGTERM, RESTART, RESTART, RESTART);

  /** Expected are 0.3 s; less than a second Lease, so that waiting for one would show. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  @TempDir Path directory;

  @Test
  void twentyFailoversLeaveNoWriteOfAFormerLeaderAndNoNodeBehind() throws Exception {
    FailoverReport report;
    try (FailoverRig rig = FailoverRig.start(directory)) {
      for (End end : ENDS) {
        rig.fail(end);
      }
      rig.finish();
      report = rig.report();
      System.out.println(rig.nodes() + " nodes joined, all are warm");
    }
    List<Row> rows = report.rows();
    rows.forEach(System.out::println);
    System.out.println("on their way: " + report.terms().late(report.log().writes()));

    assertEquals(20, rows.size(), "one for each end");
    assertEquals(
        0,
        report.terms().overlapping(report.log().writes()),
        "writes by a replica that did not lead");
    for (Row row : rows) {
      assertTrue(row.next().epoch() > row.failover().before().epoch(), "the epoch rises: " + row);
      switch (row.failover().end()) {
        case SIGTERM -> graceful(row);
        case SIGKILL, SIGSTOP -> expired(row);
        case RESTART -> restarted(row);
      }
    }
  }

  private static void graceful(Row row) {
    assertTrue(row.handOver().isPresent(), "the Lease was given back: " + row);
    assertTrue(
        row.handOver().get().compareTo(FailoverRig.LEASE) < 0,
        "and taken without waiting for its end: " + row);
    assertEquals(0, row.lists(), "a standby has everything: " + row);
  }

  private static void expired(Row row) {
    assertTrue(row.handOver().isEmpty(), "the Lease was not released: " + row);
    assertTrue(
        row.sinceRenewal().compareTo(FailoverRig.LEASE.plus(SLACK)) < 0,
        "one Lease after the last renewal another writes: " + row);
    assertTrue(row.sinceRenewal().compareTo(FailoverRig.LEASE) >= 0, "and not before: " + row);
    assertEquals(0, row.lists(), "a standby has everything: " + row);
  }

  private static void restarted(Row row) {
    assertEquals(row.failover().before().holder(), row.next().holder(), "the same pod: " + row);
    Duration waited = Duration.between(row.asked().orElseThrow(), row.next().taken());
    assertTrue(
        waited.compareTo(FailoverRig.LEASE.dividedBy(2)) < 0,
        "it leads as soon as it has read the Lease, here after " + waited + ": " + row);
  }
}
