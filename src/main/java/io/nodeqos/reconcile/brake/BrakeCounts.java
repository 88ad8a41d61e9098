// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * How many nodes of one policy the brake counts.
 *
 * @param at when they were counted
 * @param due nodes that shall lose their mark now
 * @param threatened those, and the nodes with a gate that is closed but not yet for long enough
 * @param lost nodes that lost their mark in the window and are not warm again
 * @param warm nodes that are warm, or were in the window
 * @param firstLoss the earliest that still counts
 * @param examples the first due nodes by name, and why they shall lose their mark
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

  /** A change that takes the mark from so few is never stopped. */
  private static final int ALWAYS_ALLOWED = 2;

  /** O(nodes), allocates nothing for each of them. */
  static BrakeCounts of(
      String policy, Map<String, BrakeState> nodes, Duration window, Instant now) {
    Scan scan = new Scan(policy, now.minus(window));
    nodes.forEach(scan);
    return scan.counts(now);
  }

  boolean isTooMuch(int mostPercent) {
    return threatened + lost > Math.max(ALWAYS_ALLOWED, (int) ((long) warm * mostPercent / 100));
  }

  private static final class Scan implements BiConsumer<String, BrakeState> {
    private final TreeMap<String, String> examples = new TreeMap<>();
    private final String policy;
    private final Instant windowStart;
    private int warm;
    private int closing;
    private int due;
    private int lost;
    private Instant firstLoss = Instant.MAX;

    Scan(String policy, Instant windowStart) {
      this.policy = policy;
      this.windowStart = windowStart;
    }

    @Override
    public void accept(String node, BrakeState state) {
      if (!state.policy().equals(policy)) {
        return;
      }
      switch (state.kind()) {
        case WARM -> warm++;
        case CLOSING -> closing++;
        case DUE -> due(node, state.why());
        case LOST -> lost(state.since());
        case OTHER -> {}
      }
    }

    private void due(String node, String why) {
      due++;
      if (examples.size() < MAX_EXAMPLES || node.compareTo(examples.lastKey()) < 0) {
        examples.put(node, why);
      }
      if (examples.size() > MAX_EXAMPLES) {
        examples.pollLastEntry();
      }
    }

    private void lost(Instant at) {
      if (at.isAfter(windowStart)) {
        lost++;
        firstLoss = at.isBefore(firstLoss) ? at : firstLoss;
      }
    }

    BrakeCounts counts(Instant now) {
      return new BrakeCounts(
          now,
          due,
          due + closing,
          lost,
          warm + due + closing + lost,
          lost > 0 ? Optional.of(firstLoss) : Optional.empty(),
          Collections.unmodifiableMap(examples));
    }
  }
}
