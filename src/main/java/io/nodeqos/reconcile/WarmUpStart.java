// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.Keys;
import io.nodeqos.node.MetadataChange;
import io.nodeqos.node.NodeView;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When the present warm-up of a node began: what timeouts and the trace of the warm-up count from,
 * whoever leads and however often the condition goes from False to Unknown and back. For a node
 * that is younger than the policy and was never warm it is the node's creation; else the node
 * carries it, in {@link Keys#WARMING_UP_SINCE}. A reboot before the node was warm goes on with the
 * same warm-up.
 *
 * @param at as it is read back: what is sorted by it must not change places
 * @param isUntold nothing on the node says so yet
 */
record WarmUpStart(Instant at, boolean isUntold) {
  /**
   * A node that is looked at for the first time within so long of its creation began with that; a
   * later one has been without a policy, or without us.
   */
  private static final Duration FIRST_BOOT = Duration.ofMinutes(10);

  /**
   * @param warmUpSince creation of the policy that warms it up
   */
  static WarmUpStart of(NodeView node, Instant warmUpSince, Instant now) {
    if (WarmUpMark.of(node).state() != WarmUpMark.State.ABSENT) {
      return begins(now);
    }
    Instant created = node.meta().createdAt();
    Optional<Instant> told = told(node).filter(at -> !at.isBefore(created));
    if (told.isPresent()) {
      return new WarmUpStart(told.get(), false);
    }
    WarmedUpCondition condition = WarmedUpCondition.of(node);
    boolean isFirstBoot =
        created.isAfter(warmUpSince)
            && (condition.isWaiting()
                || (condition.current().isEmpty() && !now.isAfter(created.plus(FIRST_BOOT))));
    if (isFirstBoot) {
      return new WarmUpStart(created.isAfter(now) ? now : created, false);
    }
    return condition
        .waitingSince()
        .map(since -> new WarmUpStart(since, true))
        .orElseGet(() -> begins(now));
  }

  private static WarmUpStart begins(Instant now) {
    return new WarmUpStart(now.truncatedTo(ChronoUnit.MILLIS), true);
  }

  /** The change with the annotation that keeps it, where it is needed. */
  MetadataChange keptBy(MetadataChange change) {
    if (!isUntold) {
      return change;
    }
    Map<String, String> annotations = new HashMap<>(change.setAnnotations());
    annotations.put(Keys.WARMING_UP_SINCE, at.toString());
    return new MetadataChange(
        change.setLabels(),
        change.removeLabels(),
        annotations,
        change.removeAnnotations(),
        change.taints());
  }

  /** What somebody else has made of the annotation may be no time at all. */
  private static Optional<Instant> told(NodeView node) {
    try {
      return Optional.ofNullable(node.annotations().get(Keys.WARMING_UP_SINCE)).map(Instant::parse);
    } catch (DateTimeParseException noTime) {
      return Optional.empty();
    }
  }
}
