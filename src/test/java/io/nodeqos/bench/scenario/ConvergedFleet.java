// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import java.util.Map;

/** Nodes that carry all that they should, made by a replica that has ended since. */
public final class ConvergedFleet {
  static final String GROUP = "settled";

  private ConvergedFleet() {}

  static Fleet make(Rig rig, int nodes) throws InterruptedException {
    Policy.create(rig.admin(), GROUP, false);
    Fleet fleet = rig.fleet(GROUP);
    fleet.grow(nodes, true);
    Controller first = rig.startReplicas(1, Map.of());
    awaitWritten(rig, fleet, first);
    rig.end(first);
    return fleet;
  }

  /** Until all is warm and the status, which comes after the mark, is written too. */
  public static void awaitWritten(Rig rig, Fleet fleet, Controller leader)
      throws InterruptedException {
    rig.awaitWarm(fleet);
    rig.await("idle replica", () -> leader.queued() == 0);
    rig.settle(2);
  }
}
