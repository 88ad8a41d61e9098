// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaderTerm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Simulated time: one queue of events, one Lease, some processes. After every event it holds the
 * invariants: at most one open fence; epochs only rise; between the last moment a leader could send
 * a write and the first of the next there is a whole call timeout, unless it has given the Lease
 * back by itself or an operator has deleted it; a process whose fence was closed is called when it
 * is open; and a pause by which a fence can have closed is followed by a preparation before it
 * opens.
 */
final class SimulatedWorld {

  private record Event(long at, long order, SimulatedProcess process, Runnable action) {}

  final Random random;
  final LeaseServer server = new LeaseServer();
  final List<SimulatedProcess> processes = new ArrayList<>();

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private long now;
  private long scheduled;

  private final Deque<String> notes = new ArrayDeque<>();

  /** Processes whose fence was seen closed since they last heard that it is open. */
  private final Set<SimulatedProcess> turnedAway = new HashSet<>();

  private SimulatedProcess lastOpen;
  private long lastOpenAt = -1;
  private long deletedAt = Long.MIN_VALUE / 2;
  private long highestEpoch;
  private int elections;
  private int lost;
  private int stuck;

  SimulatedWorld(long seed) {
    random = new Random(seed);
  }

  long now() {
    return now;
  }

  /** How often another process than the last leader has begun to lead. */
  int elections() {
    return elections;
  }

  /** A request or its reply got lost. */
  void requestLost() {
    lost++;
  }

  /** A request reaches the server after the caller has given up. */
  void requestStuck() {
    lost++;
    stuck++;
  }

  void stuckRequestArrived() {
    stuck--;
  }

  /** How many requests had no reply in time. */
  int lost() {
    return lost;
  }

  /** How many of the lost ones have not reached the server yet. */
  int stuck() {
    return stuck;
  }

  /** When a fence was open last. */
  long lastOpenAt() {
    return lastOpenAt;
  }

  SimulatedProcess lastLeader() {
    return lastOpen;
  }

  /** An event of the world: happens whatever the processes do. */
  void in(Duration delay, Runnable action) {
    in(delay, null, action);
  }

  /** An event of a process: waits while it is frozen, is lost when it dies. */
  void in(Duration delay, SimulatedProcess process, Runnable action) {
    scheduled++;
    events.add(new Event(now + delay.toNanos(), scheduled, process, action));
  }

  /** The last of these come with a failure. */
  void note(String description) {
    notes.add(Duration.ofNanos(now) + " " + description);
    if (notes.size() > 40) {
      notes.remove();
    }
  }

  AssertionError failure(String message) {
    return new AssertionError(message + "\n" + String.join("\n", notes));
  }

  Duration between(long fromMillis, long toMillis) {
    return Duration.ofMillis(fromMillis + random.nextLong(toMillis - fromMillis + 1));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  void runFor(Duration duration) {
    long end = now + duration.toNanos();
    while (!events.isEmpty() && events.peek().at <= end) {
      Event event = events.remove();
      now = Math.max(now, event.at);
      check();
      if (event.process == null) {
        event.action.run();
      } else if (event.process.isFrozen()) {
        scheduled++;
        events.add(new Event(event.process.frozenUntil(), scheduled, event.process, event.action));
      } else if (event.process.isAlive()) {
        event.action.run();
      }
      check();
    }
    now = end;
  }

  private void check() {
    List<SimulatedProcess> open = new ArrayList<>();
    for (SimulatedProcess process : processes) {
      if (process.isAlive() && !process.isFrozen()) {
        if (process.fence.isOpen()) {
          open.add(process);
        } else {
          turnedAway.add(process);
        }
      }
    }
    if (open.size() > 1) {
      throw failure("two open fences: " + open);
    }
    if (open.isEmpty()) {
      return;
    }
    SimulatedProcess leader = open.get(0);
    if (turnedAway.contains(leader)) {
      throw failure(
          leader + " leads, but was not asked to repeat the work that it has turned away");
    }
    if (!leader.isPreparedSinceItsPause()) {
      throw failure(leader + " leads by its knowledge before its pause");
    }
    if (leader != lastOpen) {
      checkSpacing(leader);
    }
    lastOpen = leader;
    lastOpenAt = now;
  }

  private void checkSpacing(SimulatedProcess next) {
    boolean justDeleted = now - deletedAt < SimulatedProcess.SETTINGS.leaseDuration().toNanos();
    if (lastOpen == null
        || lastOpen.hasGivenBack()
        || lastOpen.identity.equals(next.identity)
        || justDeleted) {
      return;
    }
    long spacing = now - lastOpenAt;
    if (spacing < SimulatedProcess.SETTINGS.callTimeout().toNanos()) {
      throw failure(
          "%s leads %s after %s could still send a write"
              .formatted(next, Duration.ofNanos(spacing), lastOpen));
    }
    long prepared = next.preparingSince() - lastOpenAt;
    if (prepared < SimulatedProcess.SETTINGS.callTimeout().toNanos()) {
      throw failure(
          "%s was prepared from %s after %s led, which could still send a write"
              .formatted(next, Duration.ofNanos(prepared), lastOpen));
    }
  }

  /** A person does; a creation that is under way can then come too early, so no spacing is held. */
  void deleteTheLease() {
    deletedAt = now;
    server.delete();
  }

  /** A process got the start of its term. */
  void termBegan(SimulatedProcess process, LeaderTerm term) {
    if (process != lastOpen) {
      elections++;
    }
    note(process + " leads");
    turnedAway.remove(process);
    if (term.epoch() <= highestEpoch) {
      throw failure(
          "%s leads with epoch %d after epoch %d".formatted(process, term.epoch(), highestEpoch));
    }
    highestEpoch = term.epoch();
  }
}
