// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The operating system's view on the memory, threads and files of processes; Linux only. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /** Resident now, in KiB; empty when the process has ended. */
  static OptionalLong residentKiB(long pid) {
    return status(pid, "VmRSS:");
  }

  /** The most that was ever resident, in KiB; empty when the process has ended. */
  public static OptionalLong peakKiB(long pid) {
    return status(pid, "VmHWM:");
  }

  /** Threads now; empty when the process has ended. */
  public static OptionalLong threads(long pid) {
    return status(pid, "Threads:");
  }

  /** Files, sockets and pipes that are open now; empty when the process has ended. */
  public static OptionalLong openFiles(long pid) {
    String[] names = Path.of("/proc", Long.toString(pid), "fd").toFile().list();
    return names == null ? OptionalLong.empty() : OptionalLong.of(names.length);
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
