// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Kills the leader once, when half of the nodes are warm, and detects when another has followed.
 * For one thread.
 */
final class LeaderKill {

  private final boolean wanted;
  private final DemoLeases leases;
  private final List<ControllerProcess> controllers;
  private final TimeSource time;
  private Optional<Done> done = Optional.empty();

  /** The kill and its victim. */
  record Done(Instant at, String holder) {

    static final String SIGNAL = "SIGKILL";

    String podUid() {
      return holder.substring(holder.lastIndexOf('_') + 1);
    }
  }

  /**
   * @param time the one by which the API server stamps its request log
   */
  LeaderKill(
      boolean wanted, DemoLeases leases, List<ControllerProcess> controllers, TimeSource time) {
    this.wanted = wanted;
    this.leases = leases;
    this.controllers = controllers;
    this.time = time;
  }

  /**
   * Kills the holder of the Lease when half of the nodes are warm.
   *
   * @return the victim, when this call killed it
   */
  Optional<ControllerProcess> check(int warm, int expected) {
    if (!wanted || done.isPresent() || warm == 0 || warm < expected / 2) {
      return Optional.empty();
    }
    Optional<String> holder = leases.current().map(DemoLeases.Held::holder);
    Optional<ControllerProcess> leader =
        controllers.stream()
            .filter(one -> holder.map(LeaderTerms::podName).equals(Optional.of(one.name())))
            .filter(one -> one.exitCode().isEmpty())
            .findFirst();
    leader.ifPresent(
        one -> {
          one.kill();
          done = Optional.of(new Done(time.wallTime(), holder.orElseThrow()));
        });
    return leader;
  }

  Optional<Done> done() {
    return done;
  }

  /** Whether the kill is complete: none was requested, or another replica holds the Lease. */
  boolean isOver() {
    return !wanted
        || done.isPresent()
            && leases
                .current()
                .map(held -> !held.holder().equals(done.get().holder()))
                .orElse(false);
  }
}
