// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.NodeView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps writes to a node from becoming a fight or a loop, whoever or whatever is behind it. It
 * counts the writes that nothing outside has called for: those that write nothing but what was
 * written before while all that the plan depends on ({@link Cause}) has stayed the same, as another
 * writer has undone it or as the plan depends on its own writes; and those that go beyond what one
 * node can sensibly need. The first such write is made at once, then there are pauses that double,
 * until none has been made for a while. What is new is never held up.
 *
 * <p>Thread-safe for different nodes; a single node is asked about by one thread at a time.
 */
public final class WriteDamping {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  public static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  /** Longer than the longest pause, or the pause itself would pass for calm. */
  public static final Duration RESET_AFTER = Duration.ofMinutes(10);

  /** So many uncalled-for writes in a row are told. */
  public static final int WARN_AFTER_REPEATS = 3;

  /**
   * A plan that differs each time, with nothing else changed: so many writes, then it is damped.
   */
  static final int MAX_WRITES_PER_CAUSE = 12;

  /** Changes outside call for a write each: so many at once, then one in this time. */
  static final int MAX_CAUSE_BURST = 20;

  static final Duration CAUSE_INTERVAL = Duration.ofSeconds(10);

  private static final int MAX_DOUBLINGS = 10;

  private final Map<String, History> nodes = new ConcurrentHashMap<>();

  /**
   * What was written to one node.
   *
   * @param cause that the last write was made under
   * @param values hashes of all that was written under it; should two be alike, a write is late,
   *     not lost
   * @param writes how many were made under it
   * @param causesPaidUntil each new cause adds {@link #CAUSE_INTERVAL}: a time far ahead means that
   *     they come too fast
   * @param repeats uncalled-for writes in a row
   * @param repeatedNanos when the last of them was made
   */
  private record History(
      int cause,
      Set<Integer> values,
      int writes,
      long causesPaidUntil,
      int repeats,
      long repeatedNanos) {

    static History begin(int cause, long nanos) {
      return new History(cause, Set.of(), 0, nanos, 0, nanos);
    }

    /** Since the last one it may have been calm. */
    int repeatsAt(long nanos) {
      return nanos - repeatedNanos >= RESET_AFTER.toNanos() ? 0 : repeats;
    }

    boolean isRepeatedBy(int newCause, Set<Integer> things, long nanos) {
      return newCause == cause
          ? writes >= MAX_WRITES_PER_CAUSE || values.containsAll(things)
          : causesPaidUntil - nanos >= CAUSE_INTERVAL.multipliedBy(MAX_CAUSE_BURST - 1L).toNanos();
    }

    History under(int newCause, long nanos) {
      long from = causesPaidUntil - nanos > 0 ? causesPaidUntil : nanos;
      return newCause == cause
          ? this
          : new History(
              newCause, Set.of(), 0, from + CAUSE_INTERVAL.toNanos(), repeats, repeatedNanos);
    }

    /** Values are not kept beyond the writes that they could tell apart. */
    History written(Set<Integer> things, boolean counts) {
      Set<Integer> all = new HashSet<>(values);
      if (writes < MAX_WRITES_PER_CAUSE) {
        all.addAll(things);
      }
      return new History(
          cause,
          Set.copyOf(all),
          writes + (counts ? 1 : 0),
          causesPaidUntil,
          repeats,
          repeatedNanos);
    }

    History repeated(int newRepeats, long nanos) {
      return new History(cause, values, writes, causesPaidUntil, newRepeats, nanos);
    }
  }

  /**
   * How long the plan has to wait; empty when it can be carried out now.
   *
   * @param cause of the decision
   * @param things all that the plan writes
   */
  public Optional<Duration> pause(NodeView.Meta node, int cause, WrittenThings things, long nanos) {
    History history = nodes.get(node.name());
    int repeats = history == null ? 0 : history.repeatsAt(nanos);
    if (repeats == 0 || !history.isRepeatedBy(cause, things.hashes(), nanos)) {
      return Optional.empty();
    }
    Duration left = pauseAfter(repeats).minusNanos(nanos - history.repeatedNanos());
    return Optional.of(left).filter(l -> !l.isNegative() && !l.isZero());
  }

  private static Duration pauseAfter(int repeats) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(repeats - 1, MAX_DOUBLINGS));
    return pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE;
  }

  /**
   * One patch of a plan was written.
   *
   * @param counts false for a patch that belongs to one already counted
   * @return names of what is written, when it is to be told that there is a fight; else empty
   */
  public List<String> written(
      NodeView.Meta node, int cause, WrittenThings things, boolean counts, long nanos) {
    History known = nodes.get(node.name());
    History before = known == null ? History.begin(cause, nanos) : known;
    boolean repeats = counts && before.isRepeatedBy(cause, things.hashes(), nanos);
    int inARow = before.repeatsAt(nanos) + (repeats ? 1 : 0);
    History after = before.under(cause, nanos).written(things.hashes(), counts);
    nodes.put(node.name(), repeats ? after.repeated(inARow, nanos) : after);
    return repeats && inARow == WARN_AFTER_REPEATS ? things.names() : List.of();
  }

  /** How many nodes are written more and more seldom now. */
  int damped(long nanos) {
    return (int)
        nodes.values().stream().filter(h -> h.repeatsAt(nanos) >= WARN_AFTER_REPEATS).count();
  }

  void forget(String node) {
    nodes.remove(node);
  }
}
