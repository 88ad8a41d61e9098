// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.commands;

import io.nodeqos.bench.rig.ProcessMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that was run to its end by a JVM of its own, with a heap of at most 256 MiB.
 *
 * @param cpu CPU time that it used, without its last few milliseconds
 * @param peakKiB the most that was resident, in KiB
 * @param heapKiB the most heap in use, before a collection or at its end, in KiB
 */
public record CommandRun(
    int code,
    String out,
    String error,
    Instant start,
    Instant end,
    Duration cpu,
    long peakKiB,
    long heapKiB) {
  private static final long SAMPLE_MILLIS = 5;
  private static final long LIMIT_SECONDS = 300;

  /** {@code 45M->20M(256M)} of a collection, {@code used 12345K} at the end. */
  private static final Pattern HEAP = Pattern.compile("(\\d+)M->\\d+M|heap .*\\bused (\\d+)K");

  private static final Pattern COMPILER = Pattern.compile("\\bcompiler=(-XX:\\S+)");

  Duration time() {
    return Duration.between(start, end);
  }

  /**
   * Runs the product's jar or a class beside it.
   *
   * @param program what follows the options of the JVM
   */
  static CommandRun of(List<String> program, Clock clock) throws InterruptedException {
    try {
      Path directory = Files.createTempDirectory("bench-command-");
      try {
        return of(program, clock, directory);
      } finally {
        for (String file : List.of("out", "error", "gc")) {
          Files.deleteIfExists(directory.resolve(file));
        }
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CommandRun of(List<String> program, Clock clock, Path directory)
      throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path error = directory.resolve("error");
    Path gc = directory.resolve("gc");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add(compiler());
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-Xlog:gc,gc+heap+exit=info:file=" + gc);
    command.addAll(program);
    Instant start = clock.instant();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(error.toFile())
            .start();
    Duration cpu = Duration.ZERO;
    long peak = 0;
    // Neither can be asked of a process that has ended.
    while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
      cpu = process.info().totalCpuDuration().orElse(cpu);
      peak = Math.max(peak, ProcessMemory.peakKiB(process.pid()).orElse(0));
      if (Duration.between(start, clock.instant()).toSeconds() > LIMIT_SECONDS) {
        process.destroyForcibly();
        throw new IllegalStateException(program + " does not end: " + Files.readString(error));
      }
    }
    Instant end = clock.instant();
    return new CommandRun(
        process.exitValue(),
        Files.readString(out),
        Files.readString(error),
        start,
        end,
        cpu,
        peak,
        heapKiB(Files.readString(gc)));
  }

  /** The option with which hack/nodeqos starts a command that ends soon. */
  private static String compiler() throws IOException {
    Matcher option = COMPILER.matcher(Files.readString(Path.of("hack", "nodeqos")));
    if (!option.find()) {
      throw new IllegalStateException("hack/nodeqos has no option for the compiler");
    }
    return option.group(1);
  }

  /** The most that a log of the JVM's collector shows. */
  public static long heapKiB(String log) {
    long most = 0;
    for (Matcher use = HEAP.matcher(log); use.find(); ) {
      most =
          Math.max(
              most,
              use.group(1) == null
                  ? Long.parseLong(use.group(2))
                  : Long.parseLong(use.group(1)) << 10);
    }
    return most;
  }
}
