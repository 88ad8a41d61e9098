// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.RecordedConfig;
import io.nodeqos.policy.Section;
import io.nodeqos.reconcile.plan.WarmUpMark;
import io.nodeqos.reconcile.plan.WarmedUpCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a node is to the brake.
 *
 * @param policy that is responsible for its mark, empty with {@link Kind#OTHER}
 * @param since when it came to want to lose its mark, or lost it; else without meaning
 * @param why it shall lose its mark, a sentence; empty when it shall not
 * @param incarnation of the node that all this was: says nothing of a later one, however much of
 *     both was seen at once
 */
record BrakeState(Kind kind, String policy, Instant since, String why, String incarnation) {
  static final BrakeState NONE = new BrakeState(Kind.OTHER, "", Instant.EPOCH, "", "");

  enum Kind {
    /** Neither warm nor has it lost its mark: the brake does not count it. */
    OTHER,
    /** It carries the mark, and keeps it. */
    WARM,
    /** It carries the mark; a gate is closed, but not yet for long enough. */
    CLOSING,
    /** It carries the mark and shall lose it. */
    DUE,
    /** It was warm in this boot, lost the mark and has not become warm again. */
    LOST
  }

  /** The one that warms the node up, or did so and takes the mark back; empty without one. */
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

  /** The same, or nothing when it was of another node of this name or of another boot. */
  BrakeState of(NodeView node) {
    return WarmUpMark.isFor(node, incarnation) ? this : NONE;
  }

  boolean isLostUntil(Instant at) {
    return kind == Kind.LOST && !since.isAfter(at);
  }

  /** It shall lose its mark or has lost it. */
  boolean isLosing() {
    return kind == Kind.DUE || kind == Kind.LOST;
  }

  /**
   * When this process saw that the mark was gone. One that comes later takes it from the condition,
   * which is written after that, but for a time that has not come yet.
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
