// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.TermPreparation;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A replica with the real LeaderElector, in real time, and the calls of its listener. */
final class Candidate implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  final DelayedStore store;
  final Leadership leadership;
  private final BlockingQueue<String> reported = new LinkedBlockingQueue<>();
  private volatile long ledAt;

  Candidate(String identity, LeaseServer server, Duration latency) {
    this(identity, new DelayedStore(server, latency), ElectionSettings.fast());
  }

  Candidate(String identity, DelayedStore store, ElectionSettings settings) {
    this(identity, store, settings, TimeSource.system(), TermPreparation.NONE);
  }

  Candidate(
      String identity,
      DelayedStore store,
      ElectionSettings settings,
      TimeSource time,
      TermPreparation preparation) {
    this.store = store;
    leadership = ElectedLeadership.create(settings, identity, store, time, preparation);
    leadership.addListener(
        new LeadershipListener() {
          @Override
          public void leading(LeaderTerm term) {
            ledAt = System.nanoTime();
            reported.add("leading " + term.epoch());
          }

          @Override
          public void stopped(LeaderTerm term, String reason) {
            reported.add("stopped " + term.epoch() + ": " + reason);
          }
        });
  }

  Candidate start() {
    leadership.start();
    return this;
  }

  /** Waits for the next call of the listener. */
  String next() throws InterruptedException {
    String call = reported.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("the listener was not called for " + PATIENCE_SECONDS + " s");
    }
    return call;
  }

  /** The calls of the listener that were not taken yet. */
  List<String> rest() {
    List<String> rest = new ArrayList<>();
    reported.drainTo(rest);
    return rest;
  }

  static void eventually(String why, BooleanSupplier condition) throws InterruptedException {
    long from = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - from > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new AssertionError("not within " + PATIENCE_SECONDS + " s: " + why);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** nanoTime of the last {@code leading}. */
  long ledAt() {
    return ledAt;
  }

  @Override
  public void close() {
    leadership.close();
  }
}
