// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When the present warm-up of a node started. Timeouts and the trace of the warm-up count from it,
 * across failovers and changes of the condition between False and Unknown. For a node that is
 * younger than the policy and was never warm it is the node's creation; else the node carries it,
 * in {@link Keys#WARMING_UP_SINCE}. A reboot before the node was warm continues the same warm-up.
 * If the API server's clock is ahead, the first sight of the node counts.
 *
 * @param at as read back from the node: an order by this time must not change
 * @param isUnrecorded the node does not record it yet
 */
public record WarmUpStart(Instant at, boolean isUnrecorded) {
  /**
   * The warm-up of a node that is first seen within this time after its creation started with the
   * creation; a node seen later has been without a policy, or without a controller.
   */
  private static final Duration FIRST_BOOT = Duration.ofMinutes(10);

  /** How far a time of another process, by its own clock, may be ahead of ours. */
  private static final Duration FUTURE = Duration.ofMinutes(1);

  /**
   * How far the API server's clock, which sets the creation of nodes, may be ahead of ours without
   * a write. Beyond this, the warm-up starts when the node is first seen.
   */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(5);

  /** Between the time and the uid of the node that it is of. */
  private static final String SEPARATOR = "/";

  /**
   * @param warmUpSince creation of the policy that warms it up
   */
  public static WarmUpStart of(NodeView node, Instant warmUpSince, Instant now) {
    if (WarmUpMark.isOfWarm(node)) {
      return begins(now);
    }
    Instant created = node.meta().createdAt();
    Optional<Instant> recorded = recorded(node).filter(at -> isCredible(at, now));
    if (recorded.isPresent()) {
      return new WarmUpStart(recorded.get(), false);
    }
    WarmedUpCondition condition = WarmedUpCondition.of(node);
    boolean isFirstBoot =
        created.isAfter(warmUpSince)
            && (condition.isWaiting()
                || (condition.current().isEmpty() && !now.isAfter(created.plus(FIRST_BOOT))));
    if (isFirstBoot && !created.isAfter(now.plus(MAX_CLOCK_SKEW))) {
      return new WarmUpStart(created.isAfter(now) ? now : created, false);
    }
    return condition
        .waitingSince()
        .filter(since -> isCredible(since, now))
        .map(since -> new WarmUpStart(since, true))
        .orElseGet(() -> begins(now));
  }

  /** A start is neither in the future, except for a difference of clocks, nor before 1970. */
  static boolean isCredible(Instant at, Instant now) {
    return !at.isBefore(Instant.EPOCH) && !at.isAfter(now.plus(FUTURE));
  }

  private static WarmUpStart begins(Instant now) {
    return new WarmUpStart(now.truncatedTo(ChronoUnit.MILLIS), true);
  }

  /** The change with the annotation that records it, if needed. */
  MetadataChange recordIn(MetadataChange change, NodeView node) {
    if (!isUnrecorded) {
      return change;
    }
    // A time before the node's creation would count as that of an earlier node of this name.
    return change.withAnnotation(
        Keys.WARMING_UP_SINCE,
        at.isBefore(node.meta().createdAt()) ? at + SEPARATOR + node.meta().uid() : at.toString());
  }

  /**
   * Another writer may have changed the annotation: it may be no time, or the time of another node.
   */
  private static Optional<Instant> recorded(NodeView node) {
    String text = node.annotations().get(Keys.WARMING_UP_SINCE);
    if (text == null) {
      return Optional.empty();
    }
    String[] parts = text.split(SEPARATOR, 2);
    try {
      return Optional.of(Instant.parse(parts[0]))
          .filter(
              at ->
                  parts.length == 2
                      ? parts[1].equals(node.meta().uid())
                      : !at.isBefore(node.meta().createdAt()));
    } catch (DateTimeParseException noTime) {
      return Optional.empty();
    }
  }
}
