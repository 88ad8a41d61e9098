// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.e2e.ControllerRun;
import io.nodeqos.e2e.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** One replica: a process and what the operating system says of it. */
record Controller(Replica replica, ControllerRun run) implements AutoCloseable {
  /** CPU time that it has used so far. */
  Duration cpu() {
    return run.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Keys that wait in its queue for nodes or are worked on, as it says itself. */
  double queued() {
    return metric("workqueue_depth{name=\"nodes\"") + metric("qos_busy_threads{name=\"nodes\"");
  }

  /**
   * What it says of itself to a scraper.
   *
   * @param series how the line begins
   */
  double metric(String series) {
    return run.probe("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Resident memory now, in KiB; Linux only. */
  long residentKiB() {
    return status("VmRSS:");
  }

  /** The most that was ever resident, in KiB; Linux only. */
  long peakKiB() {
    return status("VmHWM:");
  }

  private long status(String field) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(run.process().pid()), "status"))
          .stream()
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    run.close();
  }
}
