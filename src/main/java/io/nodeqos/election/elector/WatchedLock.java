// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.extended.leaderelection.Lock;
import io.kubernetes.client.openapi.ApiException;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.ReleaseResult;
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
 * The Lock that LeaderElector polls. It answers from the state of a watch and reads from the server
 * only when it must. {@link LeaseHold} decides on every write: the elector's expiry by the wall
 * clock, its timeouts and its interrupts cannot acquire, cut or overlap a Lease. A caller that
 * comes while a request is in flight waits for its outcome first.
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
   * A Lease that must not be acquired now looks freshly renewed by another holder; one that may be
   * acquired looks like one without a holder.
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
    hold.foresee();
    if (hold.wantsRead() && !await(hold.send(new LeaseRequests.Get()))) {
      return held();
    }
    Optional<LeaderTerm> term = hold.term();
    if (term.isPresent()) {
      return record(identity(), term.get().epoch());
    }
    return switch (hold.standing()) {
      case ABSENT ->
          throw new ApiException(HttpURLConnection.HTTP_NOT_FOUND, "the Lease does not exist yet");
      case FREE, MINE, EXPIRED -> record(null, hold.transitions());
      case UNKNOWN, HELD, LAPSED -> held();
    };
  }

  @Override
  public boolean create(LeaderElectionRecord record) {
    return write();
  }

  /** The record only shows the elector's intention: the content of the Lease is made here. */
  @Override
  public boolean update(LeaderElectionRecord record) {
    // LeaderElector.close() would release the Lease: that has its own place in the stop order.
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
   * Releases the Lease, after {@link LeaseHold#close} or {@link LeaseHold#standBack}: joins the
   * request in flight, so that a renewal cannot come after the release, and starts again after a
   * conflict.
   *
   * @throws InterruptedException when interrupted; a request in flight goes on
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
      Duration wait = hold.untilReleasable();
      if (!wait.isZero()) {
        if (wait.compareTo(left(timeout, from)) >= 0) {
          return ReleaseResult.FAILED;
        }
        TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        continue;
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

  /** No request is started after the timeout: it could only come too late. */
  private boolean isOver(Duration timeout, long from) {
    return left(timeout, from).compareTo(Duration.ZERO) <= 0;
  }

  private Duration left(Duration timeout, long from) {
    return timeout.minus(time.since(from));
  }

  /** The time since the last attempt; a request that hangs counts from when it was sent. */
  Duration sinceLastAttempt() {
    Duration hanging = hold.inFlightFor();
    return hanging.isZero() ? time.since(tickedAt.get()) : hanging;
  }

  /** Notes an attempt of the election loop. */
  void tick() {
    tickedAt.set(time.nanos());
  }

  /** Waits for an outcome; false when interrupted, as the elector interrupts every slow attempt. */
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
    // LeaderElector restarts its wall-clock wait whenever the record differs from the last one:
    // a time that never repeats keeps that wait from ever ending.
    Date fresh = new Date(ticks.incrementAndGet());
    return new LeaderElectionRecord(holder, 1, fresh, fresh, (int) transitions);
  }
}
