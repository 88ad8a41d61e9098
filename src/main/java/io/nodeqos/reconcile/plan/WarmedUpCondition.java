// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import java.time.Instant;
import java.util.Optional;

/** The condition {@link Keys#WARMED_UP_CONDITION} as a node carries it. */
public record WarmedUpCondition(Optional<NodeCondition> current) {

  public static WarmedUpCondition of(NodeView node) {
    return new WarmedUpCondition(node.condition(Keys.WARMED_UP_CONDITION));
  }

  boolean isTrue() {
    return current.map(NodeCondition::isTrue).orElse(false);
  }

  /** It is present and not True: the warm-up has started. */
  boolean isWaiting() {
    return current.isPresent() && !isTrue();
  }

  boolean hasReason(Reason reason) {
    return current.map(c -> c.reason().equals(reason.code())).orElse(false);
  }

  /** Since when it has had a status other than True; Unknown after False starts that anew. */
  Optional<Instant> waitingSince() {
    return current
        .filter(c -> !c.isTrue() && !c.lastTransitionTime().equals(Instant.EPOCH))
        .map(NodeCondition::lastTransitionTime);
  }

  /** The condition with this content; the transition time changes only with the status. */
  NodeCondition with(String status, Reason reason, String message, Instant now) {
    Instant since =
        current
            .filter(c -> c.status().equals(status))
            .map(NodeCondition::lastTransitionTime)
            .filter(at -> WarmUpStart.isCredible(at, now))
            .orElse(now);
    return new NodeCondition(Keys.WARMED_UP_CONDITION, status, reason.code(), message, since);
  }

  /** True when the wanted condition reports nothing new. */
  boolean says(NodeCondition wanted) {
    return current
        .map(
            c ->
                c.status().equals(wanted.status())
                    && c.reason().equals(wanted.reason())
                    && c.message().equals(wanted.message()))
        .orElse(false);
  }
}
