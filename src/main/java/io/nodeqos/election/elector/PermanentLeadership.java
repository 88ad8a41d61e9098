// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.election.ReleaseResult;
import io.nodeqos.election.TermPreparation;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads from start to close without a Lease, and calls its listeners on the thread that ends the
 * preparation.
 */
public final class PermanentLeadership implements Leadership, Fence {

  private static final Logger LOG = LoggerFactory.getLogger(PermanentLeadership.class);

  private final String identity;
  private final TimeSource time;
  private final TermPreparation preparation;
  private final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicReference<LeaderTerm> term = new AtomicReference<>();
  private final AtomicReference<OptionalLong> waitingSince =
      new AtomicReference<>(OptionalLong.empty());
  private volatile boolean closedToNewWork;

  PermanentLeadership(String identity, TimeSource time, TermPreparation preparation) {
    this.identity = identity;
    this.time = time;
    this.preparation = preparation;
  }

  /** For {@code leaderElection.enabled: false}. */
  public static Leadership of(String identity, TermPreparation preparation) {
    return new PermanentLeadership(identity, TimeSource.system(), preparation);
  }

  @Override
  public void start() {
    waitingSince.set(OptionalLong.of(time.nanos()));
    preparation.begin().thenRun(this::prepared);
  }

  private void prepared() {
    if (waitingSince.getAndSet(OptionalLong.empty()).isEmpty()) {
      return;
    }
    LeaderTerm started = new LeaderTerm(0, time.wallTime(), Optional.empty(), Optional.empty());
    term.set(started);
    LOG.info("Leading without leader election");
    listeners.forEach(l -> l.leading(started));
  }

  @Override
  public void addListener(LeadershipListener listener) {
    listeners.add(listener);
  }

  @Override
  public Fence fence() {
    return this;
  }

  @Override
  public boolean isOpen() {
    return term.get() != null && !closedToNewWork;
  }

  @Override
  public void check() throws FencedException {
    if (term.get() == null) {
      throw new FencedException("write not sent, this process does not lead: it is not running");
    }
  }

  @Override
  public long epoch() {
    return 0;
  }

  @Override
  public LeadershipStatus status() {
    Optional<LeaderTerm> now = Optional.ofNullable(term.get());
    Optional<Instant> since = now.map(LeaderTerm::since);
    return new LeadershipStatus(
        identity, now.isPresent(), now.map(t -> identity), 0, since, Optional.empty());
  }

  @Override
  public Duration waitingToStart() {
    OptionalLong since = waitingSince.get();
    return since.isEmpty() ? Duration.ZERO : time.since(since.getAsLong());
  }

  @Override
  public Duration sinceLastAttempt() {
    return Duration.ZERO;
  }

  @Override
  public void stepDown(String reason) {
    LOG.warn("Not stepping down, leader election is disabled: {}", reason);
  }

  @Override
  public void closeToNewWork() {
    closedToNewWork = true;
  }

  @Override
  public ReleaseResult release(Duration timeout) {
    close();
    return ReleaseResult.NOT_HELD;
  }

  @Override
  public void close() {
    waitingSince.set(OptionalLong.empty());
    LeaderTerm ended = term.getAndSet(null);
    if (ended != null) {
      listeners.forEach(l -> l.stopped(ended, "this process stops"));
    }
  }
}
