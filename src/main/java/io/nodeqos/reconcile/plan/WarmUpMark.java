// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import java.time.Instant;
import java.util.Set;

/**
 * The warm-up mark of a node and the incarnation of the node that it is for: a reboot or a node
 * created again under its name voids it.
 */
public record WarmUpMark(State state) {
  /** What the mark is worth. */
  public enum State {
    ABSENT,
    VALID,
    /** The label is there, but for another uid or boot, or with a value that is not ours. */
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
   * True when an incarnation is that of the node as it is now; an empty boot is no evidence of
   * another one. A text that names none is of no node: a label without evidence is a copy, made by
   * whoever registered the node.
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

  /** Puts the mark on the node, for what it is now. */
  static MetadataChange on(NodeView node, Instant now) {
    return MetadataChange.removal(
            node, Set.of(), Set.of(Keys.WARMING_UP_SINCE, Keys.WARMING_UP_FOR))
        .plus(MetadataChange.label(Keys.WARMED_UP, "true"))
        .withAnnotation(Keys.WARMED_UP_FOR, node.incarnation())
        .withAnnotation(Keys.WARMED_UP_AT, now.toString());
  }

  /**
   * Takes a void mark off the node with its evidence; nothing when there is none. Beside a value
   * that is not ours the evidence stays, as it does when somebody takes the label off.
   */
  MetadataChange voided(NodeView node) {
    if (state != State.VOID) {
      return MetadataChange.NONE;
    }
    if (!isLabelled(node)) {
      return lost(node);
    }
    return MetadataChange.removal(
        node, Set.of(Keys.WARMED_UP), Set.of(Keys.WARMED_UP_FOR, Keys.WARMED_UP_AT));
  }

  /**
   * Takes a valid mark off its node. The evidence stays: with it and without the label the node
   * says that it was warm in this boot and lost the mark, which every later leader must know.
   */
  static MetadataChange lost(NodeView node) {
    return MetadataChange.removal(node, Set.of(Keys.WARMED_UP), Set.of());
  }

  /** True for a node with the label as this controller writes it, whatever that is worth. */
  public static boolean isLabelled(NodeView node) {
    return "true".equals(node.labels().get(Keys.WARMED_UP));
  }

  /** True for a node that has been warm, now or in another boot: its next warm-up is a new one. */
  static boolean isOfWarm(NodeView node) {
    return isLabelled(node)
        && node.annotations().getOrDefault(Keys.WARMED_UP_FOR, "").contains("/");
  }

  /** True for a node that was warm in its present boot and has lost the mark. */
  public static boolean isLostBy(NodeView node) {
    return !isLabelled(node)
        && node.incarnation().equals(node.annotations().get(Keys.WARMED_UP_FOR));
  }
}
