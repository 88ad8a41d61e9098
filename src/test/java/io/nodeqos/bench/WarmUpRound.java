// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

/**
 * A small burst before the one that is measured, for the controller and for the bare writer: the
 * code of all three programs is compiled, and their connections are open.
 */
final class WarmUpRound {
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
