// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Processes that keep all cores busy, one for each core. They end with this JVM. */
public final class CpuHog {
  private static final String LOOP =
      "while kill -0 $1 2>/dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; done";

  private final List<Process> processes;

  private CpuHog(List<Process> processes) {
    this.processes = processes;
  }

  public static CpuHog start(int cores) {
    String owner = Long.toString(ProcessHandle.current().pid());
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < cores; i++) {
        processes.add(new ProcessBuilder("sh", "-c", LOOP, "hog", owner).start());
      }
      return new CpuHog(processes);
    } catch (IOException e) {
      processes.forEach(Process::destroyForcibly);
      throw new UncheckedIOException(e);
    }
  }

  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
