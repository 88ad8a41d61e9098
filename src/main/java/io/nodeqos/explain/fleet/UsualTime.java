// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.fleet;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How long nodes of a policy usually take from their creation until they are warm.
 *
 * @param p95 95 % of them took no longer
 * @param nodes how many nodes that is known of
 */
public record UsualTime(Duration p95, int nodes) {
  /** Fewer say nothing about a percentile. */
  private static final int MIN_NODES = 5;

  /**
   * A node that became warm later was probably rebooted: its mark has the time of the last boot.
   */
  private static final Duration MAX_FIRST_WARM_UP = Duration.ofHours(1);

  /** Empty when too few nodes are warm. */
  public static Optional<UsualTime> of(WarmedUpNodes nodes) {
    List<Duration> times =
        nodes
            .members()
            .filter(m -> m.phase() == NodePhase.WARM)
            .flatMap(m -> first(m.node()).stream())
            .sorted()
            .toList();
    return times.size() < MIN_NODES
        ? Optional.empty()
        : Optional.of(
            new UsualTime(times.get((int) Math.ceil(times.size() * 0.95) - 1), times.size()));
  }

  private static Optional<Duration> first(NodeView node) {
    try {
      return Optional.ofNullable(node.annotations().get(Keys.WARMED_UP_AT))
          .map(at -> Duration.between(node.meta().createdAt(), Instant.parse(at)))
          .filter(took -> !took.isNegative() && took.compareTo(MAX_FIRST_WARM_UP) <= 0);
    } catch (DateTimeException writtenByAnother) {
      return Optional.empty();
    }
  }
}
