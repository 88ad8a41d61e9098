// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a node that the decision must remember and cannot read from the node. It is lost at
 * a failover: then a damped change of the reservation may come earlier, {@code stableFor} starts
 * again and traces of warm-ups are less accurate, with no other effect.
 *
 * @param boot the boot of the node that it is valid for; see {@link #seeing}
 * @param openSince since when all gates have been open
 * @param wordingSince when the condition's wording was last written
 * @param reservation state of the damped reservation
 * @param warmUp the times of the warm-up; empty for a node that is warm
 * @param closedSince of a warm node in mode Continuous: its closed gates by name, and since when
 *     each has been closed by evidence
 * @param startupTaints keys of the startup taints that the node has carried since a policy that
 *     named them warmed it up; a reboot changes nothing about that
 */
public record NodeMemory(
    NodeBoot boot,
    Optional<Instant> openSince,
    Optional<Instant> wordingSince,
    ReservationMemory reservation,
    Optional<WarmUpTimes> warmUp,
    Map<String, Instant> closedSince,
    Set<String> startupTaints) {

  /**
   * Damping of the reservation.
   *
   * @param writtenAt when a changed reservation was last written
   * @param lower a lower reservation that waits until it is stable
   * @param lowerSince since when exactly this lower reservation has been pending
   */
  public record ReservationMemory(
      Optional<Instant> writtenAt, Optional<Resources> lower, Optional<Instant> lowerSince) {
    public static final ReservationMemory NONE =
        new ReservationMemory(Optional.empty(), Optional.empty(), Optional.empty());

    /** No lower reservation is pending (any more). */
    public ReservationMemory withoutPendingDecrease() {
      return new ReservationMemory(writtenAt, Optional.empty(), Optional.empty());
    }

    /** A pending lower reservation; a different one restarts the wait. */
    public ReservationMemory withPendingDecrease(Resources wanted, Instant now) {
      return lower.equals(Optional.of(wanted))
          ? this
          : new ReservationMemory(writtenAt, Optional.of(wanted), Optional.of(now));
    }
  }

  public static final NodeMemory NONE =
      new NodeMemory(
          NodeBoot.NONE,
          Optional.empty(),
          Optional.empty(),
          ReservationMemory.NONE,
          Optional.empty(),
          Map.of(),
          Set.of());

  /**
   * The memory for the present boot of the node: only the boot itself after a reboot, or when the
   * node was created again under its name. Earlier answers of gates are no evidence for the present
   * boot.
   */
  public NodeMemory seeing(NodeView node, Instant now) {
    NodeBoot current = boot.next(node, now);
    if (current == boot) {
      return this;
    }
    NodeMemory kept = boot.isOf(node) ? this : NONE;
    return new NodeMemory(
        current,
        kept.openSince,
        kept.wordingSince,
        kept.reservation,
        kept.warmUp,
        kept.closedSince,
        boot.isOfSameNode(node) ? startupTaints : Set.of());
  }

  /** After a look at the node: the keys that it carries. */
  public NodeMemory withStartupTaints(Set<String> keys) {
    return new NodeMemory(
        boot, openSince, wordingSince, reservation, warmUp, closedSince, Set.copyOf(keys));
  }

  public NodeMemory withOpenSince(Optional<Instant> since) {
    return new NodeMemory(
        boot, since, wordingSince, reservation, warmUp, closedSince, startupTaints);
  }

  public NodeMemory withWarmUp(Optional<WarmUpTimes> times) {
    return new NodeMemory(
        boot, openSince, wordingSince, reservation, times, closedSince, startupTaints);
  }

  public NodeMemory withClosedSince(Map<String, Instant> closed) {
    return new NodeMemory(
        boot, openSince, wordingSince, reservation, warmUp, Map.copyOf(closed), startupTaints);
  }

  public NodeMemory withReservation(ReservationMemory newReservation) {
    return new NodeMemory(
        boot, openSince, wordingSince, newReservation, warmUp, closedSince, startupTaints);
  }

  /** After the condition has been written. */
  public NodeMemory conditionWritten(Instant now) {
    return new NodeMemory(
        boot, openSince, Optional.of(now), reservation, warmUp, closedSince, startupTaints);
  }

  /**
   * After a look at the node: another process may have written the condition later.
   *
   * @param wallAhead how far the wall clock, which the node carries, is ahead of {@code now}
   */
  public NodeMemory seeingCondition(NodeView node, Instant now, Duration wallAhead) {
    Instant written = node.meta().conditionWrittenAt();
    // The time on the node is cut to seconds. One from the future is that of a clock that is wrong.
    Instant since = written.minus(wallAhead).plusSeconds(1);
    if (written.equals(Instant.EPOCH)
        || since.isAfter(now.plusSeconds(1))
        || wordingSince.filter(known -> !known.isBefore(since)).isPresent()) {
      return this;
    }
    return conditionWritten(since.isAfter(now) ? now : since);
  }

  /** After the configuration has been written. */
  public NodeMemory configWritten(Instant now) {
    return withReservation(
        new ReservationMemory(Optional.of(now), Optional.empty(), Optional.empty()));
  }
}
