// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Decides which nodes may pull images now: at most a fixed number at a time, the nodes that have
 * waited longest first. A node that has held its slot for longer than the limit gives it up if
 * another node waits, and returns to the end of the line. Thread-safe; each call except {@link
 * #begin} is O(log n), and for a waiting node also linear in the slots that are being given up.
 */
final class PullQueue {
  private static final Comparator<Waiter> LONGEST_FIRST =
      Comparator.comparing(Waiter::since).thenComparing(Waiter::node);

  private final int most;
  private final Duration limit;
  private final Consumer<String> wake;

  // All guarded by this; the oldest holder comes first.
  private final Map<String, Instant> holders = new LinkedHashMap<>();
  private final TreeSet<Waiter> line = new TreeSet<>(LONGEST_FIRST);
  private final Map<String, Waiter> waiters = new HashMap<>();
  private final Set<String> givingUp = new HashSet<>();

  private record Waiter(String node, Instant since) {}

  /** The answer to a node. */
  enum Answer {
    /** It may pull. */
    HOLDS,
    /** It is woken when a slot is free. */
    WAITS,
    /** Its time is up: another one gets its slot once it {@link #stoppedPulling}. */
    GIVES_UP
  }

  /**
   * All slots are free.
   *
   * @param wake receives the names of nodes that must ask again; must not block
   */
  PullQueue(int most, Duration limit, Consumer<String> wake) {
    this.most = most;
    this.limit = limit;
    this.wake = wake;
  }

  /** Forgets all. */
  synchronized void clear() {
    holders.clear();
    givingUp.clear();
    line.clear();
    waiters.clear();
  }

  /**
   * Only these nodes hold slots, even if there are too many. All are woken: no other component
   * knows when their time is up.
   */
  void begin(Collection<String> pulling, Instant now) {
    synchronized (this) {
      holders.clear();
      givingUp.clear();
      pulling.forEach(node -> pulls(node, now));
    }
    pulling.forEach(wake);
  }

  /** Puts a node in the line; no slot is given yet. */
  synchronized void waits(String node, Instant since) {
    if (!waiters.containsKey(node) && !holders.containsKey(node)) {
      join(node, since);
    }
  }

  /** A node that already pulls counts, even if another leader let it start. */
  synchronized void pulls(String node, Instant now) {
    if (holders.putIfAbsent(node, now) == null) {
      leaveLine(node);
    }
  }

  /** A node does not pull: if it was to give its slot up, it has, and stands last in the line. */
  void stoppedPulling(String node, Instant now) {
    List<String> woken = new ArrayList<>();
    synchronized (this) {
      if (givingUp.remove(node)) {
        holders.remove(node);
        fill(now, woken);
        join(node, now);
        fill(now, woken);
      }
    }
    woken.forEach(wake);
  }

  /**
   * A node wants to pull, or to go on with it.
   *
   * @param since when it started to wait: decides the order in the line
   */
  Answer ask(String node, Instant since, Instant now) {
    List<String> woken = new ArrayList<>();
    Answer answer = ask(node, since, now, woken);
    woken.forEach(wake);
    return answer;
  }

  private synchronized Answer ask(String node, Instant since, Instant now, List<String> woken) {
    Instant held = holders.get(node);
    if (held != null) {
      givingUp.remove(node);
      if (now.isBefore(held.plus(limit)) || line.size() <= givingUp.size()) {
        return Answer.HOLDS;
      }
      givingUp.add(node);
      return Answer.GIVES_UP;
    }
    if (!waiters.containsKey(node)) {
      join(node, since);
    }
    fill(now, woken);
    if (holders.containsKey(node)) {
      woken.remove(node);
      return Answer.HOLDS;
    }
    // The line may have been empty when the time of the oldest holders was up.
    if (line.size() > givingUp.size()) {
      holders.entrySet().stream()
          .takeWhile(oldest -> !now.isBefore(oldest.getValue().plus(limit)))
          .map(Map.Entry::getKey)
          .filter(oldest -> !givingUp.contains(oldest))
          .findFirst()
          .ifPresent(woken::add);
    }
    return Answer.WAITS;
  }

  /** A node neither pulls nor wants to any more. */
  void leave(String node, Instant now) {
    List<String> woken = new ArrayList<>();
    synchronized (this) {
      leaveLine(node);
      givingUp.remove(node);
      if (holders.remove(node) != null) {
        fill(now, woken);
      }
    }
    woken.forEach(wake);
  }

  /** When the time of a node that holds a slot is up; empty when it holds none. */
  synchronized Optional<Instant> end(String node) {
    return Optional.ofNullable(holders.get(node)).map(since -> since.plus(limit));
  }

  synchronized int holding() {
    return holders.size();
  }

  synchronized int waiting() {
    return line.size();
  }

  private void fill(Instant now, List<String> woken) {
    while (holders.size() < most && !line.isEmpty()) {
      String next = line.pollFirst().node();
      waiters.remove(next);
      holders.put(next, now);
      woken.add(next);
    }
  }

  private void join(String node, Instant since) {
    Waiter waiter = new Waiter(node, since);
    waiters.put(node, waiter);
    line.add(waiter);
  }

  private void leaveLine(String node) {
    Waiter waiter = waiters.remove(node);
    if (waiter != null) {
      line.remove(waiter);
    }
  }
}
