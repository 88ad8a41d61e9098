// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.rig.Ceiling;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;

/**
 * A small burst before the one that is measured, for the controller and for the bare writer: the
 * code of all three programs is compiled, and their connections are open.
 */
public final class WarmUpRound {
  private WarmUpRound() {}

  static void run(Rig rig, Controller leader, int nodes) throws InterruptedException {
    Fleet first = rig.fleet("first");
    Fleet firstBare = rig.fleet("firstbare");
    Policy policy = Policy.create(rig.admin(), first.group(), true);
    first.grow(nodes, true);
    firstBare.grow(nodes, true);
    rig.audit().drain(entry -> {});
    policy.release();
    rig.awaitWarm(first);
    Tally tally = Tally.of(first.prefix());
    rig.await("status of each node", () -> tally.read(rig.audit()).statusPatches() == nodes);
    Ceiling.of(rig, leader).measure(firstBare, tally.samples());
  }
}
