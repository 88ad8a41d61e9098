// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * One boot of one node, as this process has seen it. The node records the facts for a new leader:
 * in {@link Keys#WARMING_UP_FOR} while it warms up, and in {@link Keys#WARMED_UP_FOR} afterwards.
 *
 * @param incarnation {@code <uid>/<bootID>}; empty for none
 * @param reportedAt the kubelet's own time of the earliest seen status of this boot, which started
 *     before; {@link Instant#EPOCH} when the kubelet reports no time
 * @param succeeds an earlier boot, or an earlier node of this name, is known
 * @param seenAt when this process first saw it, by its own clock
 */
public record NodeBoot(String incarnation, Instant reportedAt, boolean succeeds, Instant seenAt) {
  public static final NodeBoot NONE = new NodeBoot("", Instant.EPOCH, false, Instant.EPOCH);

  /** The present boot of the node, where this boot was the last one seen. */
  public NodeBoot next(NodeView node, Instant now) {
    String current = node.incarnation();
    Optional<NodeBoot> recorded = recorded(node).filter(t -> isSame(t.incarnation, current));
    Instant earliest =
        earliest(
            recorded.map(NodeBoot::reportedAt).orElse(Instant.EPOCH),
            node.meta().statusReportedAt());
    if (isOf(node)) {
      // A bootID can become known later.
      NodeBoot same =
          new NodeBoot(
              current.length() > incarnation.length() ? current : incarnation,
              earliest(reportedAt, earliest),
              succeeds || recorded.filter(NodeBoot::succeeds).isPresent(),
              seenAt);
      return same.equals(this) ? this : same;
    }
    boolean hasPredecessor =
        recorded
            .map(NodeBoot::succeeds)
            .orElseGet(
                () ->
                    !wasWarm(node)
                        && (recorded(node).isPresent() || warmedUpFor(node).isPresent()));
    return new NodeBoot(current, earliest, hasPredecessor || !incarnation.isEmpty(), now);
  }

  /** True when this is the present boot of the node. */
  public boolean isOf(NodeView node) {
    return isSame(incarnation, node.incarnation());
  }

  /** True for the node of this boot, also in another boot. */
  public boolean isOfSameNode(NodeView node) {
    return incarnation.startsWith(node.meta().uid() + "/");
  }

  /** True for a node that has been warm in its present boot. */
  public static boolean wasWarm(NodeView node) {
    return warmedUpFor(node).filter(of -> isSame(of, node.incarnation())).isPresent();
  }

  /**
   * The value of {@link Keys#WARMING_UP_FOR} that records this boot for a new leader; empty when
   * the annotation stays. A first boot is recorded only together with another change. The same
   * holds for a boot after an earlier one that an earlier leader, which could not know this,
   * recorded as a first boot.
   *
   * @param withAnotherChange another change of the node is written as well
   */
  public Optional<String> unrecordedOn(NodeView node, boolean withAnotherChange) {
    Optional<NodeBoot> recorded = recorded(node).filter(t -> isSame(t.incarnation, incarnation));
    boolean isWanted =
        withAnotherChange
            ? recorded.isEmpty() || (succeeds && !recorded.get().succeeds)
            : succeeds && recorded.isEmpty();
    return !isWanted || wasWarm(node) || node.status().bootId().isEmpty()
        ? Optional.empty()
        : Optional.of(succeeds ? incarnation + "@" + reportedAt : incarnation);
  }

  private static Optional<String> warmedUpFor(NodeView node) {
    return Optional.ofNullable(node.annotations().get(Keys.WARMED_UP_FOR));
  }

  private static Optional<NodeBoot> recorded(NodeView node) {
    return Optional.ofNullable(node.annotations().get(Keys.WARMING_UP_FOR)).map(NodeBoot::parsed);
  }

  /** A value of another writer counts as another boot, at an unknown time. */
  private static NodeBoot parsed(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0) {
      return new NodeBoot(text, Instant.EPOCH, false, Instant.EPOCH);
    }
    Instant reportedAt;
    try {
      reportedAt = Instant.parse(text.substring(at + 1));
    } catch (DateTimeParseException noTime) {
      reportedAt = Instant.EPOCH;
    }
    return new NodeBoot(text.substring(0, at), reportedAt, true, Instant.EPOCH);
  }

  private static Instant earliest(Instant a, Instant b) {
    return a.equals(Instant.EPOCH) || (b.isBefore(a) && !b.equals(Instant.EPOCH)) ? b : a;
  }

  /** A bootID that is not reported is no evidence of another boot. */
  private static boolean isSame(String a, String b) {
    int slash = a.indexOf('/');
    return slash >= 0
        && b.startsWith(a.substring(0, slash + 1))
        && (a.equals(b) || slash == a.length() - 1 || slash == b.length() - 1);
  }
}
