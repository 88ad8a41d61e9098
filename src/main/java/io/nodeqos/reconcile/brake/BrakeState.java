// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.RecordedConfig;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.reconcile.plan.WarmUpMark;
import io.nodeqos.reconcile.plan.WarmedUpCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The state of a node, as the brake counts it.
 *
 * @param policy the policy that is responsible for its mark, empty with {@link Kind#OTHER}
 * @param since when it became due to lose its mark, or lost it; else without meaning
 * @param why why it is to lose its mark, a sentence; empty when it keeps it
 * @param incarnation the incarnation of the node that this state is of; it is no evidence about a
 *     later incarnation, even if both were seen in one event
 */
record BrakeState(Kind kind, String policy, Instant since, String why, String incarnation) {
  static final BrakeState NONE = new BrakeState(Kind.OTHER, "", Instant.EPOCH, "", "");

  enum Kind {
    /** It is not warm and has not lost its mark: the brake does not count it. */
    OTHER,
    /** It carries the mark, and keeps it. */
    WARM,
    /** It carries the mark; a gate is closed, but not yet for long enough. */
    CLOSING,
    /** It carries the mark and is to lose it. */
    DUE,
    /** It was warm in this boot, lost the mark and has not become warm again. */
    LOST
  }

  /** The policy that warms the node up, or did so and now removes the mark; empty without one. */
  static String policyOf(NodeView node, CompiledConfig config, NodePlan plan, BrakeState before) {
    String current = config.sources().get(Section.WARM_UP);
    if (current != null) {
      return current;
    }
    if (!plan.takesMark()) {
      return before.isLosing() ? before.policy : "";
    }
    return Optional.ofNullable(
            RecordedConfig.of(node.annotations().get(Keys.CONFIG)).sections().get(Section.WARM_UP))
        .map(RecordedConfig.RecordedSection::policy)
        .or(() -> plan.summary().leaving().stream().findFirst())
        .orElse(before.policy);
  }

  static BrakeState of(
      NodeView node, NodePlan plan, String policy, BrakeState before, Instant now) {
    if (policy.isEmpty()) {
      return NONE;
    }
    if (WarmUpMark.of(node).state() == WarmUpMark.State.VALID) {
      if (!plan.takesMark()) {
        return new BrakeState(
            plan.memory().closedSince().isEmpty() ? Kind.WARM : Kind.CLOSING,
            policy,
            Instant.EPOCH,
            "",
            node.incarnation());
      }
      boolean isKnown = before.kind == Kind.DUE && before.policy.equals(policy);
      return new BrakeState(
          Kind.DUE,
          policy,
          isKnown ? before.since : now,
          plan.summary().message(),
          node.incarnation());
    }
    boolean wasTaken =
        before.isLosing() && before.policy.equals(policy) && !WarmUpMark.isLabelled(node);
    return WarmUpMark.isLostBy(node) || wasTaken
        ? new BrakeState(Kind.LOST, policy, lostAt(node, before, now), "", node.incarnation())
        : NONE;
  }

  /** This state, or {@link #NONE} when it is of another node of this name or of another boot. */
  BrakeState of(NodeView node) {
    return WarmUpMark.isFor(node, incarnation) ? this : NONE;
  }

  boolean isLostUntil(Instant at) {
    return kind == Kind.LOST && !since.isAfter(at);
  }

  /** It is to lose its mark or has lost it. */
  boolean isLosing() {
    return kind == Kind.DUE || kind == Kind.LOST;
  }

  /**
   * When this process saw that the mark was gone. A later process takes the time from the
   * condition, which is written after the loss, unless that time is in the future.
   */
  private static Instant lostAt(NodeView node, BrakeState before, Instant now) {
    if (before.kind == Kind.LOST) {
      return before.since;
    }
    if (before.kind != Kind.OTHER) {
      return now.truncatedTo(ChronoUnit.SECONDS);
    }
    return WarmedUpCondition.of(node)
        .current()
        .filter(c -> !c.isTrue() && !c.lastTransitionTime().equals(Instant.EPOCH))
        .map(NodeCondition::lastTransitionTime)
        .filter(at -> !at.isAfter(now))
        .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS));
  }
}
