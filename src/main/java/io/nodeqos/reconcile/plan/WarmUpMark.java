// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import java.time.Instant;
import java.util.Set;

/**
 * The warm-up mark of a node and the incarnation that it is valid for: a reboot, or another node
 * created under its name, voids it.
 */
public record WarmUpMark(State state) {
  /** The validity of the mark. */
  public enum State {
    ABSENT,
    VALID,
    /** The label is present, but for another uid or boot, or with a value of another writer. */
    VOID
  }

  public static WarmUpMark of(NodeView node) {
    if (!isLabelled(node)) {
      return new WarmUpMark(node.labels().containsKey(Keys.WARMED_UP) ? State.VOID : State.ABSENT);
    }
    String markedFor = node.annotations().getOrDefault(Keys.WARMED_UP_FOR, "");
    return new WarmUpMark(isFor(node, markedFor) ? State.VALID : State.VOID);
  }

  /**
   * True when an incarnation is the present one of the node; an empty boot is no evidence of
   * another one. A text without an incarnation matches no node: a label without evidence is a copy
   * from the registration of the node.
   */
  public static boolean isFor(NodeView node, String incarnation) {
    int slash = incarnation.indexOf('/');
    if (slash < 0) {
      return false;
    }
    String bootId = incarnation.substring(slash + 1);
    boolean otherBoot =
        !bootId.isEmpty()
            && !node.status().bootId().isEmpty()
            && !bootId.equals(node.status().bootId());
    return incarnation.substring(0, slash).equals(node.meta().uid()) && !otherBoot;
  }

  /** Adds the mark to the node, for its present incarnation. */
  static MetadataChange on(NodeView node, Instant now) {
    return withoutStart(node)
        .plus(MetadataChange.label(Keys.WARMED_UP, "true"))
        .withAnnotation(Keys.WARMED_UP_FOR, node.incarnation())
        .withAnnotation(Keys.WARMED_UP_AT, now.toString());
  }

  /** Removes the record of the boot, which a node that was warm in it has only from others. */
  static MetadataChange withoutBoot(NodeView node) {
    return MetadataChange.removal(node, Set.of(), Set.of(Keys.WARMING_UP_FOR));
  }

  /** Removes the record of the warm-up, which a node with the mark has only from another writer. */
  static MetadataChange withoutStart(NodeView node) {
    return MetadataChange.removal(
        node, Set.of(), Set.of(Keys.WARMING_UP_SINCE, Keys.WARMING_UP_FOR));
  }

  /**
   * Removes a void mark and its evidence from the node; empty when there is none. With a value of
   * another writer the evidence stays, as it does when another writer removes the label.
   */
  MetadataChange voided(NodeView node) {
    if (state != State.VOID) {
      return MetadataChange.NONE;
    }
    if (!isLabelled(node)) {
      return MetadataChange.removal(node, Set.of(Keys.WARMED_UP), Set.of());
    }
    return MetadataChange.removal(
        node, Set.of(Keys.WARMED_UP), Set.of(Keys.WARMED_UP_FOR, Keys.WARMED_UP_AT));
  }

  /**
   * Takes a valid mark from its node. The evidence stays: evidence without the label records that
   * the node was warm in this boot and lost the mark, which every later leader must know. The time
   * goes: it stays where another writer removes the label.
   */
  static MetadataChange taken(NodeView node) {
    return MetadataChange.removal(node, Set.of(Keys.WARMED_UP), Set.of(Keys.WARMED_UP_AT));
  }

  /** True for a node with the label as this controller writes it, valid or not. */
  public static boolean isLabelled(NodeView node) {
    return "true".equals(node.labels().get(Keys.WARMED_UP));
  }

  /** True for a node that has been warm in this or another boot: its next warm-up is a new one. */
  static boolean isOfWarm(NodeView node) {
    return isLabelled(node)
        && node.annotations().getOrDefault(Keys.WARMED_UP_FOR, "").contains("/");
  }

  /** True for a node that was warm in its present boot and has lost the mark. */
  public static boolean isLostBy(NodeView node) {
    return !isLabelled(node)
        && node.incarnation().equals(node.annotations().get(Keys.WARMED_UP_FOR));
  }

  /** True for a node that was warm in its present boot and whose mark a closed gate has taken. */
  static boolean isTakenFrom(NodeView node) {
    return isLostBy(node) && !node.annotations().containsKey(Keys.WARMED_UP_AT);
  }
}
