// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Resources;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the decision must remember of a node and cannot read from it. It is lost at a fail-over:
 * then damped changes may come earlier, {@code stableFor} starts again and traces of warm-ups are
 * less accurate, nothing worse.
 *
 * @param boot what it is remembered of: one boot of one node; see {@link #seeing}
 * @param openSince since when all gates have been open
 * @param wordingSince when the condition's wording was last written
 * @param reservation of the damped reservation
 * @param warmUp where the time of the warm-up goes; empty for a node that is warm
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
   * @param lower a lower reservation that is waiting for calm
   * @param lowerSince since when exactly this lower one has been wanted
   */
  public record ReservationMemory(
      Optional<Instant> writtenAt, Optional<Resources> lower, Optional<Instant> lowerSince) {
    public static final ReservationMemory NONE =
        new ReservationMemory(Optional.empty(), Optional.empty(), Optional.empty());

    /** Nothing lower is wanted (any more). */
    public ReservationMemory calm() {
      return new ReservationMemory(writtenAt, Optional.empty(), Optional.empty());
    }

    /** The wish for a lower one; a different one starts the wait anew. */
    public ReservationMemory wanting(Resources wanted, Instant now) {
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
   * What is remembered of the boot that the node is in: nothing but that boot after a reboot, nor
   * when the node was created again under its name. Gates that were open before say nothing of
   * those that are open now.
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

  /** After the node was looked at: those of them that it carries. */
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

  /** After the configuration has been written. */
  public NodeMemory configWritten(Instant now) {
    return withReservation(
        new ReservationMemory(Optional.of(now), Optional.empty(), Optional.empty()));
  }
}
