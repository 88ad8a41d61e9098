// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.extended.leaderelection.Lock;
import io.kubernetes.client.openapi.ApiException;
import io.nodeqos.time.TimeSource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The Lock that LeaderElector ticks on. It answers from what a watch has told and asks the server
 * only when it must. What is taken and written is decided by {@link LeaseHold}: the elector's
 * expiry by the wall clock, its timeouts and its interrupts cannot take, cut or overlap a Lease.
 * Whoever comes while a request is on its way waits for the outcome first.
 */
final class WatchedLock implements Lock {

  private static final Duration RELEASE_PAUSE = Duration.ofMillis(50);

  private final LeaseHold hold;
  private final String leaseName;
  private final TimeSource time;

  private final AtomicLong ticks = new AtomicLong();
  private final AtomicLong tickedAt = new AtomicLong();

  WatchedLock(LeaseHold hold, String leaseName, TimeSource time) {
    this.hold = hold;
    this.leaseName = leaseName;
    this.time = time;
  }

  @Override
  public String identity() {
    return hold.identity();
  }

  @Override
  public String describe() {
    return leaseName;
  }

  /**
   * What must not be taken now looks freshly renewed by somebody else; what may be taken looks like
   * nobody's.
   *
   * @throws ApiException with code 404 only: LeaderElector logs every other error, each tick
   */
  @Override
  public LeaderElectionRecord get() throws ApiException {
    if (!await(hold.inFlight())) {
      return held();
    }
    tick();
    hold.checkTerm();
    if (hold.wantsRead() && !await(hold.send(new LeaseRequests.Get()))) {
      return held();
    }
    Optional<LeaderTerm> term = hold.term();
    if (term.isPresent()) {
      return record(identity(), term.get().epoch());
    }
    return switch (hold.standing()) {
      case ABSENT -> throw new ApiException(HttpURLConnection.HTTP_NOT_FOUND, "no Lease yet");
      case FREE, MINE, EXPIRED -> record(null, hold.transitions());
      case UNKNOWN, HELD, LAPSED -> held();
    };
  }

  @Override
  public boolean create(LeaderElectionRecord record) {
    return write();
  }

  /** The record only tells what is wanted: what goes into the Lease is ours to say. */
  @Override
  public boolean update(LeaderElectionRecord record) {
    // LeaderElector.close() wants to empty the Lease: that has its own place in the stop order.
    return record.getHolderIdentity() == null || write();
  }

  private boolean write() {
    if (!await(hold.inFlight())) {
      return false;
    }
    if (hold.isFresh()) {
      return true;
    }
    return hold.nextWrite().filter(r -> answered(hold.send(r))).isPresent() && hold.isHeld();
  }

  /**
   * Gives the Lease back, after {@link LeaseHold#close} or {@link LeaseHold#standBack}: joins the
   * request on its way, so that a renewal cannot come after it, and begins again after a conflict.
   *
   * @throws InterruptedException when interrupted; a request on its way is not cut
   */
  ReleaseResult release(Duration timeout) throws InterruptedException {
    long from = time.nanos();
    for (int attempts = 0; ; attempts++) {
      if (attempts > 2) {
        TimeUnit.NANOSECONDS.sleep(RELEASE_PAUSE.toNanos());
      }
      if (!settled(hold.inFlight(), left(timeout, from)) || isOver(timeout, from)) {
        return ReleaseResult.FAILED;
      }
      Optional<LeaseRequests.Request> request = hold.nextRelease();
      if (request.isEmpty()) {
        return ReleaseResult.NOT_HELD;
      }
      CompletableFuture<Boolean> outcome = hold.send(request.get());
      if (!settled(outcome, left(timeout, from))) {
        return ReleaseResult.FAILED;
      }
      if (outcome.join() && request.get() instanceof LeaseRequests.Release) {
        return ReleaseResult.RELEASED;
      }
    }
  }

  /** No request is begun once the time is up: it could only come too late. */
  private boolean isOver(Duration timeout, long from) {
    return left(timeout, from).compareTo(Duration.ZERO) <= 0;
  }

  private Duration left(Duration timeout, long from) {
    return timeout.minus(time.since(from));
  }

  /** How long nothing was tried; a request that hangs counts from when it was sent. */
  Duration sinceLastAttempt() {
    Duration hanging = hold.inFlightFor();
    return hanging.isZero() ? time.since(tickedAt.get()) : hanging;
  }

  /** Notes that the election loop lives. */
  void tick() {
    tickedAt.set(time.nanos());
  }

  /** Waits for an outcome; false when interrupted, which the elector does to every slow attempt. */
  private static boolean await(CompletableFuture<Boolean> outcome) {
    try {
      outcome.get();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request on the Lease was not handled", e);
    }
  }

  private static boolean answered(CompletableFuture<Boolean> outcome) {
    return await(outcome) && outcome.join();
  }

  private static boolean settled(CompletableFuture<Boolean> outcome, Duration timeout)
      throws InterruptedException {
    try {
      outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request on the Lease was not handled", e);
    }
  }

  private LeaderElectionRecord held() {
    return record("another", 0);
  }

  private LeaderElectionRecord record(String holder, long transitions) {
    // LeaderElector starts its wall-clock wait anew whenever the record differs from the last one:
    // a time that never repeats keeps that wait from ever ending.
    Date fresh = new Date(ticks.incrementAndGet());
    return new LeaderElectionRecord(holder, 1, fresh, fresh, (int) transitions);
  }
}
