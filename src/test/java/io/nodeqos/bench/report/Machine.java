// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What the figures come from.
 *
 * @param cpu the model's name, "" where it is unknown
 * @param memoryMiB of the machine
 */
public record Machine(int cores, String cpu, long memoryMiB, String system, String java) {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /**
   * How busy the machine is with other things.
   *
   * @param average the load average of the last minute
   * @param busyCores cores in use during the last second
   */
  record Load(double average, double busyCores) {}

  public static Machine here() {
    return new Machine(
        SYSTEM.getAvailableProcessors(),
        cpuModel(),
        SYSTEM.getTotalMemorySize() >> 20,
        SYSTEM.getName() + " " + SYSTEM.getVersion() + " " + SYSTEM.getArch(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  /** Takes a second. */
  static Load load() throws InterruptedException {
    SYSTEM.getCpuLoad();
    TimeUnit.SECONDS.sleep(1);
    return new Load(
        SYSTEM.getSystemLoadAverage(),
        Math.max(0, SYSTEM.getCpuLoad()) * SYSTEM.getAvailableProcessors());
  }

  private static String cpuModel() {
    Path info = Path.of("/proc/cpuinfo");
    try {
      return Files.isReadable(info)
          ? Files.readAllLines(info).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("")
          : "";
    } catch (IOException e) {
      return "";
    }
  }
}
