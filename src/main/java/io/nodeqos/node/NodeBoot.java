// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * One boot of one node, as far as this process has seen it. What a new leader must know of it is on
 * the node while it warms up, in {@link Keys#WARMING_UP_FOR}, and afterwards in {@link
 * Keys#WARMED_UP_FOR}.
 *
 * @param incarnation {@code <uid>/<bootID>}; empty for none
 * @param reportedAt the kubelet's own time of the earliest status that was seen of this boot: the
 *     boot began before; {@link Instant#EPOCH} when the kubelet says none
 * @param succeeds another boot, or another node of this name, is known to have been before it
 * @param seenAt when this process saw it first, by its own clock
 */
public record NodeBoot(String incarnation, Instant reportedAt, boolean succeeds, Instant seenAt) {
  public static final NodeBoot NONE = new NodeBoot("", Instant.EPOCH, false, Instant.EPOCH);

  /** The boot that the node is in now, where this one was seen last. */
  public NodeBoot next(NodeView node, Instant now) {
    String current = node.incarnation();
    Optional<NodeBoot> told = told(node).filter(t -> isSame(t.incarnation, current));
    Instant earliest =
        earliest(
            told.map(NodeBoot::reportedAt).orElse(Instant.EPOCH), node.meta().statusReportedAt());
    if (isOf(node)) {
      // A bootID can become known later.
      NodeBoot same =
          new NodeBoot(
              current.length() > incarnation.length() ? current : incarnation,
              earliest(reportedAt, earliest),
              succeeds || told.filter(NodeBoot::succeeds).isPresent(),
              seenAt);
      return same.equals(this) ? this : same;
    }
    boolean hasPredecessor =
        told.map(NodeBoot::succeeds)
            .orElseGet(
                () -> !wasWarm(node) && (told(node).isPresent() || warmedUpFor(node).isPresent()));
    return new NodeBoot(current, earliest, hasPredecessor || !incarnation.isEmpty(), now);
  }

  /** True for a node that is in this boot. */
  public boolean isOf(NodeView node) {
    return isSame(incarnation, node.incarnation());
  }

  /** True for the node that this boot is of, be it in another one. */
  public boolean isOfSameNode(NodeView node) {
    return incarnation.startsWith(node.meta().uid() + "/");
  }

  /** True for a node that has been warm in the boot that it is in. */
  public static boolean wasWarm(NodeView node) {
    return warmedUpFor(node).filter(of -> isSame(of, node.incarnation())).isPresent();
  }

  /**
   * The value of {@link Keys#WARMING_UP_FOR} that shall tell this boot to a new leader; empty when
   * the annotation stays as it is. A boot that succeeds no other is recorded with another change
   * only, never for its own sake; so is that a boot succeeds another when a leader that could not
   * know it has recorded it otherwise.
   *
   * @param withAnotherChange something else of the node is written as well
   */
  public Optional<String> unrecordedOn(NodeView node, boolean withAnotherChange) {
    Optional<NodeBoot> told = told(node).filter(t -> isSame(t.incarnation, incarnation));
    boolean isWanted =
        withAnotherChange
            ? told.isEmpty() || (succeeds && !told.get().succeeds)
            : succeeds && told.isEmpty();
    return !isWanted || wasWarm(node) || node.status().bootId().isEmpty()
        ? Optional.empty()
        : Optional.of(succeeds ? incarnation + "@" + reportedAt : incarnation);
  }

  private static Optional<String> warmedUpFor(NodeView node) {
    return Optional.ofNullable(node.annotations().get(Keys.WARMED_UP_FOR));
  }

  private static Optional<NodeBoot> told(NodeView node) {
    return Optional.ofNullable(node.annotations().get(Keys.WARMING_UP_FOR)).map(NodeBoot::parsed);
  }

  /** What somebody else has made of the annotation tells of another boot, at no known time. */
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
