// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two candidates and one Lease, of which the caller chooses each step. The same steps lead to the
 * same state. After every step, and after every second of one, it holds the invariants: at most one
 * process can send a write; epochs only rise; and between the last moment at which a leader could
 * send a write and the first of the next there is a whole call timeout, unless the leader has given
 * the Lease back by itself, is the same pod, or the Lease was deleted.
 */
final class OrderedWorld {
  private static final ElectionSettings SETTINGS = ElectionSettings.defaults();
  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** A lease, one of a replica that stands back, and lost requests and a silent watch. */
  private static final int SECONDS_TO_A_LEADER = 60;

  private final OrderedCandidate[] candidates = new OrderedCandidate[2];
  private final Duration[] clockSteps = {Duration.ZERO, Duration.ZERO};
  private final LeaseServer server = new LeaseServer();
  private final LeaseStore store = Replica.store(server);
  private final List<Step> taken = new ArrayList<>();

  private long now;
  private int disturbancesLeft;
  private long highestEpoch;
  private boolean deleted;

  /** The last that could write, and the end of the second in which it could. */
  private OrderedCandidate lastWriter;

  private long couldWriteUntil;

  OrderedWorld(int disturbances) {
    disturbancesLeft = disturbances;
    for (int i = 0; i < 2; i++) {
      begin(i);
      int candidate = i;
      server.watch(
          new LeaseStore.Listener() {
            @Override
            public void changed(LeaseState state) {
              event(candidate, state.resourceVersion(), Optional.of(state));
            }

            @Override
            public void deleted(String version) {
              event(candidate, version, Optional.empty());
            }

            @Override
            public void alive() {}
          });
    }
  }

  private void begin(int candidate) {
    TimeSource time =
        TimeSource.of(() -> BEGIN.plusNanos(now).plus(clockSteps[candidate]), () -> now);
    candidates[candidate] = new OrderedCandidate(candidate == 0 ? "a" : "b", SETTINGS, time);
    candidates[candidate].begin();
  }

  private void event(int candidate, String version, Optional<LeaseState> state) {
    candidates[candidate].events.add(new OrderedCandidate.Event(version, state));
  }

  /** Whether this step can be taken now, and is of any use. */
  boolean allows(Step step) {
    if (step.kind().isDisturbance() && disturbancesLeft == 0) {
      return false;
    }
    OrderedCandidate c = candidates[step.candidate()];
    return switch (step.kind()) {
      case LOOK -> c.inFlight().isEmpty();
      case PREPARED -> c.prepares();
      case COMMIT -> c.inFlight().filter(s -> s.result == null).isPresent();
      case REPLY -> c.inFlight().filter(s -> s.result != null).isPresent();
      case EVENT -> !c.events.isEmpty();
      case SECOND, RENEW_PERIOD, VALIDITY, RESTART, CLOCK_FORWARD, CLOCK_BACK, WATCH_RESTART ->
          true;
      case TIMEOUT -> c.inFlight().isPresent();
      case LATE_COMMIT -> !c.adrift.isEmpty();
      case STEP_DOWN -> c.hold.term().isPresent() && !c.isStopping();
      case STOP -> !c.isStopping();
      case DELETION -> server.present() != null;
    };
  }

  void take(Step step) {
    taken.add(step);
    if (step.kind().isDisturbance() && step.kind() != Step.Kind.LATE_COMMIT) {
      disturbancesLeft--;
    }
    OrderedCandidate c = candidates[step.candidate()];
    switch (step.kind()) {
      case LOOK -> c.look();
      case PREPARED -> c.prepared().ifPresent(this::termBegan);
      case COMMIT -> commit(c.inFlight().orElseThrow());
      case REPLY -> c.replied(c.inFlight().orElseThrow().result);
      case EVENT -> c.nextEvent();
      case SECOND -> pass(1);
      case RENEW_PERIOD -> pass(2);
      case VALIDITY -> pass(12);
      case TIMEOUT -> {
        giveUp(c);
        c.replied(new LeaseResult.Failed("timeout"));
      }
      case LATE_COMMIT -> LeaseRequests.perform(store, c.adrift.remove());
      case WATCH_RESTART -> restartWatch(c);
      case RESTART -> {
        giveUp(c);
        begin(step.candidate());
        candidates[step.candidate()].adrift.addAll(c.adrift);
      }
      case STEP_DOWN -> c.stepDown();
      case STOP -> c.stop();
      case CLOCK_FORWARD -> setClock(step.candidate(), Duration.ofHours(1));
      case CLOCK_BACK -> setClock(step.candidate(), Duration.ofHours(-1));
      case DELETION -> {
        deleted = true;
        server.delete();
      }
    }
    check();
  }

  private void commit(OrderedCandidate.Sent sent) {
    sent.result = LeaseRequests.perform(store, sent.request);
  }

  private static void giveUp(OrderedCandidate c) {
    c.inFlight().filter(s -> s.result == null).ifPresent(s -> c.adrift.add(s.request));
  }

  private void restartWatch(OrderedCandidate c) {
    c.events.clear();
    List<LeaseState> history = server.history();
    if (history.size() > 1) {
      LeaseState stale = history.get(history.size() - 2);
      c.events.add(new OrderedCandidate.Event(stale.resourceVersion(), Optional.of(stale)));
    }
    LeaseState present = server.present();
    if (present != null) {
      c.events.add(new OrderedCandidate.Event(present.resourceVersion(), Optional.of(present)));
    }
  }

  private void setClock(int candidate, Duration step) {
    clockSteps[candidate] = clockSteps[candidate].plus(step);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now += SECOND;
      check();
    }
  }

  private void termBegan(LeaderTerm term) {
    // A process that has not seen the Lease before its deletion begins with the first epoch.
    if (term.epoch() <= highestEpoch && !deleted) {
      throw failure("a term with epoch " + term.epoch() + " after epoch " + highestEpoch);
    }
    highestEpoch = Math.max(highestEpoch, term.epoch());
  }

  private void check() {
    boolean first = candidates[0].canWrite();
    boolean second = candidates[1].canWrite();
    if (first && second) {
      throw failure("two processes can write");
    }
    if (first || second) {
      OrderedCandidate writer = candidates[first ? 0 : 1];
      if (lastWriter != null && writer != lastWriter) {
        checkSpacing(writer);
      }
      lastWriter = writer;
      // A fence that is open now can close at any time before the next look at it.
      couldWriteUntil = now + SECOND;
    }
  }

  private void checkSpacing(OrderedCandidate writer) {
    boolean gaveBack = lastWriter.isStopping() || lastWriter.gaveBack();
    if (gaveBack || deleted || lastWriter.identity.equals(writer.identity)) {
      return;
    }
    Duration spacing = Duration.ofNanos(now - couldWriteUntil);
    if (spacing.compareTo(SETTINGS.callTimeout()) < 0) {
      throw failure(writer.identity + " can write " + spacing + " after " + lastWriter.identity);
    }
  }

  /** From here on nothing disturbs: a leader follows. */
  void checkThatOneLeads() {
    if (candidates[0].isStopping() && candidates[1].isStopping()) {
      return;
    }
    for (int i = 0; i < SECONDS_TO_A_LEADER; i++) {
      for (Step.Kind kind :
          List.of(
              Step.Kind.EVENT,
              Step.Kind.EVENT,
              Step.Kind.LOOK,
              Step.Kind.COMMIT,
              Step.Kind.REPLY,
              Step.Kind.PREPARED)) {
        for (int c = 0; c < 2; c++) {
          Step step = new Step(kind, c);
          if (allows(step)) {
            take(step);
          }
        }
      }
      if (candidates[0].canWrite() || candidates[1].canWrite()) {
        return;
      }
      pass(1);
    }
    throw failure("nobody leads after " + SECONDS_TO_A_LEADER + " s without a disturbance");
  }

  AssertionError failure(String message) {
    StringBuilder text = new StringBuilder(message).append(", after:");
    taken.forEach(s -> text.append("\n  ").append(s));
    return new AssertionError(text.toString());
  }

  /** The state, so that another order that leads to the same one need not be followed. */
  String describe() {
    LeaseState present = server.present();
    List<LeaseState> history = server.history();
    long newest = server.version();
    StringBuilder all = new StringBuilder();
    all.append(disturbancesLeft).append(' ').append(deleted).append(' ');
    for (int i = 0; i < 2; i++) {
      Instant wall = BEGIN.plusNanos(now).plus(clockSteps[i]);
      StateText text = new StateText(now, wall, newest, highestEpoch);
      candidates[i].describe(text);
      text.add(lastWriter == candidates[i]);
      all.append(text).append('|');
    }
    StateText text = new StateText(now, BEGIN, newest, highestEpoch);
    text.state(present).add(lastWriter != null).time(couldWriteUntil);
    if (history.size() > 1) {
      text.state(history.get(history.size() - 2));
    }
    return all.append(text).toString();
  }
}
