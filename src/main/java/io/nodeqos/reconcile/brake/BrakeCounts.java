// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.reconcile.brake.BrakeState.Kind;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The nodes of one policy that the brake counts.
 *
 * @param at the time of the count
 * @param due nodes that are to lose their mark now
 * @param threatened the due nodes, and nodes with a gate that is closed but not yet for long enough
 * @param lost nodes that lost their mark in the window and are not warm again
 * @param warm nodes that are warm, or were warm in the window
 * @param firstLoss the earliest loss that still counts
 * @param examples the first due nodes by name, and why they are to lose their mark
 */
public record BrakeCounts(
    Instant at,
    int due,
    int threatened,
    int lost,
    int warm,
    Optional<Instant> firstLoss,
    Map<String, String> examples) {
  static final BrakeCounts NONE =
      new BrakeCounts(Instant.EPOCH, 0, 0, 0, 0, Optional.empty(), Map.of());

  private static final int MAX_EXAMPLES = 20;

  /** A change that takes the mark from this many nodes or fewer is never held. */
  private static final int ALWAYS_ALLOWED = 2;

  /**
   * O(nodes), allocates nothing but for those that are due.
   *
   * @param windowStart losses before this time do not count
   */
  static BrakeCounts of(
      String policy, Map<String, BrakeState> nodes, Instant windowStart, Instant now) {
    Scan scan = new Scan();
    nodes.forEach(
        (node, state) -> {
          if (state.policy().equals(policy) && !state.isLostUntil(windowStart)) {
            scan.add(node, state);
          }
        });
    return scan.counts(now);
  }

  boolean isTooMuch(int mostPercent) {
    return threatened + lost > limit(mostPercent);
  }

  /** The number of nodes that may lose their mark. */
  int limit(int mostPercent) {
    return Math.max(ALWAYS_ALLOWED, (int) ((long) warm * mostPercent / 100));
  }

  private static final class Scan {
    private final int[] kinds = new int[Kind.values().length];
    private final TreeMap<String, String> examples = new TreeMap<>();
    private Instant firstLoss = Instant.MAX;

    void add(String node, BrakeState state) {
      kinds[state.kind().ordinal()]++;
      if (state.kind() == Kind.LOST && state.since().isBefore(firstLoss)) {
        firstLoss = state.since();
      }
      if (state.kind() == Kind.DUE) {
        examples.put(node, state.why());
        if (examples.size() > MAX_EXAMPLES) {
          examples.pollLastEntry();
        }
      }
    }

    private int of(Kind kind) {
      return kinds[kind.ordinal()];
    }

    BrakeCounts counts(Instant now) {
      int threatened = of(Kind.DUE) + of(Kind.CLOSING);
      return new BrakeCounts(
          now,
          of(Kind.DUE),
          threatened,
          of(Kind.LOST),
          of(Kind.WARM) + threatened + of(Kind.LOST),
          Optional.of(firstLoss).filter(at -> of(Kind.LOST) > 0),
          Collections.unmodifiableMap(examples));
    }
  }
}
