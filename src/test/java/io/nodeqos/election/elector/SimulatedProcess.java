// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One process in simulated time: the real lock, hold and fence, under a driver that mirrors the
 * rounds of LeaderElector (acquire ticks, the poll for their success, renew ticks, the deadline,
 * hooks) and of ElectedLeadership.
 */
final class SimulatedProcess {

  static final ElectionSettings SETTINGS = ElectionSettings.defaults();

  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration TICK = ElectedLeadership.TICK;
  private static final Duration VALIDITY = SETTINGS.leaseDuration().minus(SETTINGS.margin());

  final String identity;
  final LeaseFence fence;

  private final SimulatedWorld world;
  private final SimulatedNetwork network;
  private final LeaseHold hold;
  private final ElectorDouble elector;
  private final EarlyPreparation preparation;

  private boolean alive = true;
  private boolean givenBack;
  private boolean stepDownPending;
  private long frozenUntil;
  private long frozenSince;
  private long pausedUntil = -1;
  private long preparingSince;
  private long nanoLag;
  private Duration wallStep = Duration.ZERO;
  private Round round;

  private static final class Round {
    boolean acquired;
    boolean over;
    long failingSince = -1;
  }

  SimulatedProcess(String identity, SimulatedWorld world) {
    this.identity = identity;
    this.world = world;
    TimeSource time = TimeSource.of(this::wallTime, () -> world.now() - nanoLag - 5_000_000_000L);
    fence = new LeaseFence(SETTINGS, time);
    network = new SimulatedNetwork(world, this);
    hold = new LeaseHold(identity, SETTINGS, fence, network, time);
    hold.watch(new Terms());
    WatchedLock lock = new WatchedLock(hold, SETTINGS.leaseName(), time);
    elector = new ElectorDouble(lock, time, SETTINGS.leaseDuration());
    preparation = new EarlyPreparation(this::prepare, time);
    network.watch(hold);
  }

  private Instant wallTime() {
    return BEGIN.plusNanos(world.now()).plus(wallStep);
  }

  void start() {
    world.in(Duration.ZERO, this, this::newRound);
  }

  private void newRound() {
    if (stepDownPending) {
      stepDownPending = false;
      world.in(SETTINGS.callTimeout(), this, () -> giveBack(this::newRound));
      return;
    }
    hold.newRound();
    Round next = new Round();
    round = next;
    Duration period = TICK.plusNanos((long) (TICK.toNanos() * 1.2 * world.random.nextDouble()));
    acquire(next, period);
  }

  private void acquire(Round r, Duration period) {
    if (r.over || r.acquired) {
      return;
    }
    if (elector.attempt()) {
      r.acquired = true;
      world.in(world.between(0, 50), this, () -> started(r));
    } else {
      world.in(period, this, () -> acquire(r, period));
    }
  }

  private void started(Round r) {
    if (!r.over) {
      hold.reportTerm();
    }
    renew(r);
  }

  private final class Terms implements TermWatch {
    @Override
    public void taking(String version) {
      world.in(Duration.ZERO, SimulatedProcess.this, () -> preparation.begin(version));
    }

    @Override
    public void taken(LeaderTerm term, String replaced) {
      world.in(
          Duration.ZERO,
          SimulatedProcess.this,
          () -> preparation.of(replaced).thenRun(() -> prepared(term)));
    }

    @Override
    public void lost(String reason) {
      endRoundSoon();
    }
  }

  /** Takes a while, of which the process may spend a part suspended. */
  private CompletableFuture<Void> prepare() {
    long begun = world.now();
    CompletableFuture<Void> result = new CompletableFuture<>();
    world.in(
        world.between(0, 500),
        this,
        () -> {
          preparingSince = begun;
          result.complete(null);
        });
    return result;
  }

  private void prepared(LeaderTerm term) {
    hold.startTerm(term.epoch()).ifPresent(started -> world.termBegan(this, started));
  }

  private void renew(Round r) {
    if (r.over) {
      return;
    }
    if (elector.attempt()) {
      r.failingSince = -1;
    } else if (r.failingSince < 0) {
      r.failingSince = world.now();
    } else if (world.now() - r.failingSince >= SETTINGS.renewDeadline().toNanos()) {
      endRound(r);
      return;
    }
    world.in(TICK, this, () -> renew(r));
  }

  private void endRoundSoon() {
    Round r = round;
    world.in(Duration.ofMillis(1), this, () -> endRound(r));
  }

  private void endRound(Round r) {
    if (!r.over) {
      r.over = true;
      hold.endTerm(LeaseFence.NOT_RENEWED);
      world.in(TICK, this, this::newRound);
    }
  }

  private void giveBack(Runnable then) {
    if (hold.inFlight().isDone()) {
      Optional<LeaseRequests.Request> request = hold.nextRelease();
      if (request.isEmpty()) {
        then.run();
        return;
      }
      hold.send(request.get());
    }
    world.in(Duration.ofMillis(20), this, () -> giveBack(then));
  }

  /** SIGTERM: drained at once, released, gone. */
  void stop(Runnable then) {
    fence.closeToNewWork();
    hold.close();
    givenBack = true;
    giveBack(
        () -> {
          kill();
          then.run();
        });
  }

  /** Its workers are stuck. */
  void stepDown() {
    if (hold.term().isPresent()) {
      stepDownPending = true;
      hold.standBack("its workers are stuck", SETTINGS.leaseDuration());
    }
  }

  /** SIGKILL. */
  void kill() {
    alive = false;
    network.close();
  }

  /** SIGSTOP, and SIGCONT later: its clocks go on. */
  /** A pause during another one makes that one longer, if at all. */
  void freeze(Duration duration) {
    if (!isFrozen()) {
      frozenSince = world.now();
    }
    frozenUntil = Math.max(frozenUntil, world.now() + duration.toNanos());
    if (frozenUntil - frozenSince >= VALIDITY.toNanos()) {
      pausedUntil = frozenUntil;
    }
  }

  /** Whether all was prepared after the last pause that was long enough to close any fence. */
  boolean isPreparedSinceItsPause() {
    return preparingSince >= pausedUntil;
  }

  /** When the preparation of its term was begun. */
  long preparingSince() {
    return preparingSince;
  }

  /** The machine is suspended: its nanoTime stands still. */
  void suspend(Duration duration) {
    long before = Math.max(frozenUntil, world.now());
    freeze(duration);
    nanoLag += frozenUntil - before;
  }

  void stepWall(Duration step) {
    wallStep = wallStep.plus(step);
  }

  SimulatedNetwork network() {
    return network;
  }

  boolean isAlive() {
    return alive;
  }

  /** Nothing keeps it from leading but the others. */
  boolean isFit() {
    return isAlive() && !isFrozen() && !network.isCut();
  }

  boolean isFrozen() {
    return world.now() < frozenUntil;
  }

  long frozenUntil() {
    return frozenUntil;
  }

  boolean hasGivenBack() {
    return givenBack;
  }

  boolean knowsTheLease() {
    return hold.status().holder().isPresent();
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>(List.of(identity, "epoch " + fence.epoch()));
    words.add(alive ? "alive" : "dead");
    return String.join(" ", words);
  }
}
