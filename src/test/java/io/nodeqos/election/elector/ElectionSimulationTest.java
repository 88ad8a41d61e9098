// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three processes through crashes, stops, restarts, freezes, suspensions, cuts, clock steps and
 * deletions, 20 elections with each seed, in simulated time. The world checks the invariants after
 * every event; here is asked for a leader within the bound.
 */
class ElectionSimulationTest {

  private static final int ELECTIONS = 20;
  private static final int REPLICAS = 3;

  /** A lease, and the further delay by lost requests and a silent watch. */
  private static final Duration BOUND =
      SimulatedProcess.SETTINGS
          .leaseDuration()
          .plus(SimulatedProcess.SETTINGS.leaseCallTimeout().multipliedBy(4))
          .plusSeconds(2);

  /** Until the reply is given up, and a write in flight has ended. */
  private static final Duration AFTER_LOSS =
      SimulatedProcess.SETTINGS.leaseCallTimeout().multipliedBy(4);

  private SimulatedWorld world;
  private int pods;

  static LongStream seeds() {
    long first = Long.getLong("nodeqos.test.firstSeed", 1);
    return LongStream.range(first, first + Long.getLong("nodeqos.test.seeds", 10));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void atMostOneFenceIsOpenAndALeaderFollowsWithinTheBound(long seed) {
    world = new SimulatedWorld(seed);
    for (int i = 0; i < REPLICAS; i++) {
      startNewPod();
    }
    int disturbances = 0;
    while (world.elections() < ELECTIONS) {
      awaitLeader("disturbance " + disturbances);
      world.runFor(world.between(100, 9000));
      disturb();
      disturbances++;
      assertTrue(disturbances < 10 * ELECTIONS, "the disturbances hardly ever cause an election");
    }
  }

  private void startNewPod() {
    pods++;
    start("pod-" + pods + "_uid");
  }

  private void start(String identity) {
    SimulatedProcess process = new SimulatedProcess(identity, world);
    world.processes.removeIf(p -> !p.isAlive());
    world.processes.add(process);
    process.start();
  }

  /**
   * The bound counts from when one process at least can lead: all may be disturbed at a time. It
   * has room for the loss of one reply; each further one adds to it, as does a renewal of the last
   * leader that is still on its way.
   */
  private void awaitLeader(String when) {
    long from = world.now();
    long fit = from;
    int lostBefore = world.lost() - world.stuck();
    Duration step = Duration.ofMillis(10);
    while (world.lastOpenAt() < from) {
      world.runFor(step);
      if (world.processes.stream().noneMatch(SimulatedProcess::isFit)) {
        fit = world.now();
      }
      Duration bound =
          BOUND.plus(AFTER_LOSS.multipliedBy(Math.max(0, world.lost() - lostBefore - 1)));
      if (world.now() - fit > bound.toNanos()) {
        throw world.failure("no leader within " + bound + " after " + when);
      }
    }
  }

  private void disturb() {
    SimulatedProcess leader = world.lastLeader();
    if (!leader.isAlive()) {
      return;
    }
    if (world.chance(0.3)) {
      SimulatedProcess any = world.processes.get(world.random.nextInt(world.processes.size()));
      any.stepWall(Duration.ofHours(world.chance(0.5) ? 1 : -1));
    }
    int kind = world.random.nextInt(9);
    world.note("disturbance " + kind + " of " + leader);
    switch (kind) {
      case 0 -> {
        leader.kill();
        world.in(world.between(0, 3000), this::startNewPod);
      }
      case 1 -> {
        leader.kill();
        world.in(world.between(0, 3000), () -> start(leader.identity));
      }
      case 2 -> leader.stop(() -> world.in(world.between(0, 3000), this::startNewPod));
      case 3 -> leader.freeze(world.between(500, 40_000));
      case 4 -> leader.suspend(world.between(500, 40_000));
      case 5 -> {
        leader.network().cut();
        world.in(world.between(500, 40_000), leader.network()::heal);
      }
      case 6 -> leader.stepDown();
      case 7 -> deleteTheLease();
      default -> world.processes.forEach(p -> p.stepWall(Duration.ofMinutes(-59)));
    }
  }

  /**
   * Only while all replicas are there and know the holder: to one that has just begun, an absent
   * Lease looks like a new cluster.
   */
  private void deleteTheLease() {
    List<SimulatedProcess> informed =
        world.processes.stream()
            .filter(p -> p.isAlive() && !p.hasGivenBack() && p.knowsTheLease())
            .filter(p -> p.network().isWatching() && !p.isFrozen())
            .toList();
    if (informed.size() == REPLICAS) {
      world.deleteTheLease();
      for (int i = 0; i < 3000 && world.server.present() == null; i++) {
        world.runFor(Duration.ofMillis(10));
      }
    }
  }
}
