// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.reconcile.brake.Standing.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The nodes of one policy as the brake counts them. Not thread-safe: the brake's lock guards it.
 */
final class BrakeGroup {
  /** A change that takes the mark from fewer is never stopped. */
  private static final int FEWEST = 3;

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final Map<String, String> due = new TreeMap<>();
  private final PriorityQueue<Lost> lost =
      new PriorityQueue<>(Comparator.comparing(Lost::at).thenComparing(Lost::node));
  private Optional<Instant> episode;
  private Instant ended = Instant.EPOCH;
  private Instant freeSince = Instant.EPOCH;

  /** A node that lost its mark; it may have become warm since. */
  record Lost(String node, Instant at) {}

  /**
   * @param inherited begin of an episode that another process has told of
   */
  BrakeGroup(Optional<Instant> inherited) {
    this.episode = inherited;
  }

  void add(String node, Standing standing) {
    counts.merge(standing.kind(), 1, Integer::sum);
    if (standing.kind() == Kind.DUE) {
      due.put(node, standing.why());
    } else if (standing.kind() == Kind.LOST) {
      lost.add(new Lost(node, standing.since()));
    }
  }

  /** An entry of {@link #lost} is left behind, and found to be old when its time has come. */
  void remove(String node, Standing standing) {
    counts.merge(standing.kind(), -1, Integer::sum);
    if (standing.kind() == Kind.DUE) {
      due.remove(node);
    }
  }

  /** The next entry that is older than the window, which is taken out. */
  Optional<Lost> pollExpired(Duration window, Instant now) {
    return nextExpiry(window).filter(at -> !now.isBefore(at)).map(at -> lost.poll());
  }

  Optional<Instant> nextExpiry(Duration window) {
    return Optional.ofNullable(lost.peek()).map(first -> first.at().plus(window));
  }

  /** Nodes that carry the mark and would lose it. */
  int threatened() {
    return count(Kind.DUE) + count(Kind.CLOSING);
  }

  /** Nodes that are warm, or were in the window. */
  int warm() {
    return count(Kind.WARM) + threatened() + count(Kind.LOST);
  }

  boolean isTooMuch(int mostPercent) {
    int most = Math.max(FEWEST - 1, (int) ((long) warm() * mostPercent / 100));
    return threatened() + count(Kind.LOST) > most;
  }

  /** Nodes that shall lose their mark, by name, and why. */
  Map<String, String> due() {
    return due;
  }

  Optional<Instant> episode() {
    return episode;
  }

  /** In whole seconds, as the policy's status tells it to the next leader. */
  void begin(Instant now) {
    episode = Optional.of(now.truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Another process has told that the episode began at another time: that one holds for all. What
   * is still told of the episode that has just ended is old.
   */
  void adopt(Instant since) {
    if (episode.isPresent() && !since.equals(ended)) {
      episode = Optional.of(since);
    }
  }

  void end(Instant now) {
    ended = episode.orElse(ended);
    episode = Optional.empty();
    freeSince = now;
  }

  /** When the last episode ended. */
  Instant freeSince() {
    return freeSince;
  }

  private int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }
}
