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
