// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.telemetry.metrics.NodeMetrics;
import io.nodeqos.time.TimeSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The metrics of writes and decisions that are held up. They are read at each scrape. */
public final class ScrapedStallMetrics {
  private final WriteDamping damping;
  private final Supplier<Optional<Undecided.Stall>> undecided;
  private final BooleanSupplier leading;
  private final TimeSource time;

  /**
   * @param undecided nodes that wait while no reconcile reaches a decision
   */
  public ScrapedStallMetrics(
      WriteDamping damping,
      Supplier<Optional<Undecided.Stall>> undecided,
      BooleanSupplier leading,
      TimeSource time) {
    this.damping = damping;
    this.undecided = undecided;
    this.leading = leading;
    this.time = time;
  }

  public void connect(NodeMetrics metrics) {
    metrics.damped(this::damped);
    metrics.undecided(this::undecidedSeconds);
  }

  /** None on a standby, which does not write. */
  private int damped() {
    return leading.getAsBoolean() ? damping.damped(time.nanos()) : 0;
  }

  private double undecidedSeconds() {
    return undecided.get().map(stall -> stall.lasting().toMillis() / 1000.0).orElse(0.0);
  }
}
