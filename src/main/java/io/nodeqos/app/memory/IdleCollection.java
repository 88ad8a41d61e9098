// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.memory;

import io.nodeqos.time.TimeSource;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the heap once after the start, and once after each burst of work. By itself the JVM
 * collects old objects only when their space is full: what a burst has left there would stay until
 * the next burst. A collection pauses the process, the longer the more nodes it knows. Confined to
 * one thread.
 */
public final class IdleCollection {
  private static final Logger LOG = LoggerFactory.getLogger(IdleCollection.class);

  /**
   * CPU time in use, as a share of one core, below which the process counts as idle. The status
   * reports of 5,000 nodes take 0.01, a burst more than half.
   */
  private static final double IDLE = 0.25;

  /** Less is not worth a pause. */
  private static final long MIN_GROWTH = 4L << 20;

  /** Smaller parts of the old objects are not worth a pause either. */
  private static final int GROWTH_PART = 8;

  private final Optional<OldGeneration> oldObjects;
  private final LongSupplier cpuNanos;
  private final TimeSource time;
  private Optional<Look> last = Optional.empty();

  /** At the last look; the start of the process is work, too. */
  private boolean wasBusy = true;

  /**
   * @param nanos the monotonic time
   * @param cpuNanos CPU time of the process until then
   */
  private record Look(long nanos, long cpuNanos) {
    boolean isIdleSince(Look earlier) {
      return cpuNanos - earlier.cpuNanos < IDLE * (nanos - earlier.nanos);
    }
  }

  IdleCollection(Optional<OldGeneration> oldObjects, LongSupplier cpuNanos, TimeSource time) {
    this.oldObjects = oldObjects;
    this.cpuNanos = cpuNanos;
    this.time = time;
  }

  /** Of this JVM. */
  public static IdleCollection ofJvm(TimeSource time) {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return new IdleCollection(JvmOldGeneration.find(), system::getProcessCpuTime, time);
  }

  /**
   * Collects when the process has been idle since the last look, was not before, and has many new
   * old objects. To be called every few seconds.
   */
  public void look() {
    Look look = new Look(time.nanos(), cpuNanos.getAsLong());
    if (last.isPresent()) {
      boolean idle = look.isIdleSince(last.get());
      if (idle && wasBusy) {
        oldObjects.filter(IdleCollection::hasGrown).ifPresent(this::collect);
      }
      wasBusy = !idle;
    }
    last = Optional.of(look);
  }

  private static boolean hasGrown(OldGeneration old) {
    long live = old.usedAfterCollection();
    return old.used() - live > Math.max(MIN_GROWTH, live / GROWTH_PART);
  }

  private void collect(OldGeneration old) {
    long before = old.used();
    long start = time.nanos();
    old.collect();
    LOG.debug(
        "Collected the heap of an idle process: oldObjectsMiB={} beforeMiB={} took={}",
        old.used() >> 20,
        before >> 20,
        time.since(start));
  }
}
