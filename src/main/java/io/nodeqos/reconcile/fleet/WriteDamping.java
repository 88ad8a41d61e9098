// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.NodeView;
import io.nodeqos.reconcile.NodeForgetter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps writes to a node from becoming a fight with another writer or a loop. It counts writes
 * without an outside cause. The first kind repeats earlier writes while all inputs of the plan
 * ({@link Cause}) stay the same: another writer has reverted them, or the plan depends on its own
 * writes. The second kind exceeds the number of writes that one node can need. The first such write
 * is made at once, then there are pauses that double, until no such write has been made for a
 * while. New changes never wait.
 *
 * <p>Thread-safe for different nodes; one thread at a time may call it for one node.
 */
public final class WriteDamping implements NodeForgetter {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  public static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  /** Longer than the longest pause; otherwise the pause itself would reset the count. */
  public static final Duration RESET_AFTER = Duration.ofMinutes(10);

  /** After this many writes in a row without an outside cause, a warning is logged. */
  public static final int WARN_AFTER_REPEATS = 3;

  /**
   * A plan that differs each time while its inputs stay the same: after this many writes it is
   * damped.
   */
  static final int MAX_WRITES_PER_CAUSE = 12;

  /** Each outside change may cause a write: this many at once, then one in this time. */
  public static final int MAX_CAUSE_BURST = 20;

  public static final Duration CAUSE_INTERVAL = Duration.ofSeconds(10);

  private static final int MAX_DOUBLINGS = 10;

  /**
   * Writes that a warning is due for.
   *
   * @param things names of the written values
   * @param byCauses whether each had an outside cause, and these came too fast; else there was none
   */
  public record Fight(List<String> things, boolean byCauses) {}

  private final Map<String, History> nodes = new ConcurrentHashMap<>();

  /**
   * The writes to one node.
   *
   * @param cause the cause of the last write
   * @param values hashes of all values written under it; if two hashes collide, a write is late,
   *     not lost
   * @param writes number of writes under it
   * @param causesPaidUntil each new cause adds {@link #CAUSE_INTERVAL}: a time far ahead means that
   *     they come too fast
   * @param repeats writes in a row without an outside cause
   * @param repeatedNanos time of the last of them
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

    /** Zero when the last repeat is long ago. */
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

    /** Values are kept only for the number of writes that they can distinguish. */
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
   * How long the plan has to wait; empty when it can be written now.
   *
   * @param cause the cause of the decision
   * @param things all values that the plan writes
   */
  public Optional<Duration> pause(NodeView.Meta node, int cause, WrittenKeys things, long nanos) {
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
   * @return a fight when a warning is due; else empty
   */
  public Optional<Fight> written(
      NodeView.Meta node, int cause, WrittenKeys things, boolean counts, long nanos) {
    History known = nodes.get(node.name());
    History before = known == null ? History.begin(cause, nanos) : known;
    boolean repeats = counts && before.isRepeatedBy(cause, things.hashes(), nanos);
    int inARow = before.repeatsAt(nanos) + (repeats ? 1 : 0);
    History after = before.under(cause, nanos).written(things.hashes(), counts);
    nodes.put(node.name(), repeats ? after.repeated(inARow, nanos) : after);
    return repeats && inARow == WARN_AFTER_REPEATS
        ? Optional.of(new Fight(things.names(), cause != before.cause()))
        : Optional.empty();
  }

  /**
   * How many nodes are written with backoff, because this process wrote the same change repeatedly.
   *
   * @param nanos now (monotonic)
   */
  public int damped(long nanos) {
    return (int)
        nodes.values().stream().filter(h -> h.repeatsAt(nanos) >= WARN_AFTER_REPEATS).count();
  }

  @Override
  public void forget(String node, Instant now) {
    nodes.remove(node);
  }
}
