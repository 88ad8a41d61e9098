// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The CPU time of a replica until its first write, for which each start has a new node. */
public final class FirstWrite {
  private static final String GROUP = "fresh";
  private static final long PAUSE_MILLIS = 5;
  private static final long LIMIT_SECONDS = 120;

  private final Rig rig;
  private final Fleet fleet;
  private int next;

  private FirstWrite(Rig rig, Fleet fleet) {
    this.rig = rig;
    this.fleet = fleet;
  }

  /** Makes the policy, while no replica runs. */
  static FirstWrite prepare(Rig rig) {
    Policy.create(rig.admin(), GROUP, false);
    return new FirstWrite(rig, rig.fleet(GROUP));
  }

  /** Makes the node for the next start. */
  void expect() {
    fleet.register(next++, true);
  }

  /** Waits until the outside watch has seen the write. */
  Duration await(Controller controller) throws InterruptedException {
    String node = fleet.name(next - 1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!rig.watcher().sight(node).isWarm()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("no first write; its log: " + controller.run().log());
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return controller.cpu();
  }
}
