// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Replica;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One replica: a process and what the operating system says of it. */
public record Controller(Replica replica, ControllerRun run) implements AutoCloseable {
  private static final Pattern VIEWS =
      Pattern.compile("Listening on (127\\.0\\.0\\.1:\\d+) for \\[[^]]*/explain");

  /** Address of its views, for {@code --url}. */
  public String views() {
    Matcher line = VIEWS.matcher(run.log());
    if (!line.find()) {
      throw new IllegalStateException("it has no views; its log: " + run.log());
    }
    return "http://" + line.group(1);
  }

  /** CPU time that it has used so far. */
  public Duration cpu() {
    return run.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Keys that wait in its queue for nodes or are worked on, as it says itself. */
  public double queued() {
    return metric("workqueue_depth{name=\"nodes\"") + metric("qos_busy_threads{name=\"nodes\"");
  }

  /**
   * What it says of itself to a scraper.
   *
   * @param series how the line begins
   */
  public double metric(String series) {
    return new Scrape(run.probe("/metrics").body()).sum(series);
  }

  /** Resident memory now, in KiB; Linux only. */
  public long residentKiB() {
    return ProcessMemory.residentKiB(run.process().pid()).orElseThrow();
  }

  /** The most that was ever resident, in KiB; Linux only. */
  public long peakKiB() {
    return ProcessMemory.peakKiB(run.process().pid()).orElseThrow();
  }

  @Override
  public void close() {
    run.close();
  }
}
