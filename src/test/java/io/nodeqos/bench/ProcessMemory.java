// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The operating system's view on the memory of processes; Linux only. */
final class ProcessMemory {
  private ProcessMemory() {}

  /** Resident now, in KiB; empty when the process has ended. */
  static OptionalLong residentKiB(long pid) {
    return status(pid, "VmRSS:");
  }

  /** The most that was ever resident, in KiB; empty when the process has ended. */
  static OptionalLong peakKiB(long pid) {
    return status(pid, "VmHWM:");
  }

  private static OptionalLong status(long pid, String field) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
