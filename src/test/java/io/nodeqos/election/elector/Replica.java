// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One candidate without threads: its clocks, its lock, and an elector that ticks on command. */
final class Replica {

  static final ElectionSettings SETTINGS = ElectionSettings.defaults();

  final FakeTime time = new FakeTime();
  final ManualRequests requests;
  final LeaseFence fence;
  final LeaseHold hold;
  final WatchedLock lock;
  final List<String> losses = new ArrayList<>();

  /** Versions of the Lease, each as often as it was reported. */
  final List<String> foreseen = new ArrayList<>();

  private final ElectorDouble elector;
  private final LeaseStore.Watch watch;

  Replica(String identity, LeaseServer server) {
    requests = new ManualRequests(store(server));
    TimeSource source = time.source();
    fence = new LeaseFence(SETTINGS, source);
    hold = new LeaseHold(identity, SETTINGS, fence, requests, source);
    hold.watch(
        new TermWatch() {
          @Override
          public void taking(String version) {
            foreseen.add(version);
          }

          @Override
          public void lost(String reason) {
            losses.add(reason);
          }
        });
    lock = new WatchedLock(hold, SETTINGS.leaseName(), source);
    elector = new ElectorDouble(lock, source, SETTINGS.leaseDuration());
    watch = server.watch(hold);
  }

  static LeaseStore store(LeaseServer server) {
    return new LeaseStore() {
      @Override
      public LeaseResult get() {
        return server.get();
      }

      @Override
      public LeaseResult create(LeaseState state) {
        return server.create(state);
      }

      @Override
      public LeaseResult update(LeaseState state) {
        return server.update(state);
      }

      @Override
      public Watch watch(Listener listener) {
        return server.watch(listener);
      }
    };
  }

  /** One tick of the elector; true when it would say that it leads. */
  boolean tick() {
    return elector.attempt();
  }

  /** A tick, and the start hook when it was successful. */
  boolean tickAndStart() {
    boolean leads = tick();
    if (leads) {
      startTerm();
    }
    return leads;
  }

  /** The elector reports the present term, and its preparation is done. */
  Optional<LeaderTerm> startTerm() {
    hold.reportTerm();
    return hold.term().flatMap(term -> hold.startTerm(term.epoch()));
  }

  /** The elector's round ends, as its term has, and it leads again in the next one. */
  boolean leadAgain() {
    hold.newRound();
    return tickAndStart();
  }

  /** Time passes with a tick every 50 ms; returns whether the last one was successful. */
  boolean run(Duration duration) {
    boolean leads = false;
    for (long at = 0; at < duration.toMillis(); at += 50) {
      time.advance(Duration.ofMillis(50));
      leads = tick();
    }
    return leads;
  }

  /** Time passes while the process does not run. */
  void freeze(Duration duration) {
    time.advance(duration);
  }

  void cutWatch() {
    watch.close();
  }
}
