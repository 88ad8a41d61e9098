// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import io.nodeqos.time.TimeSource;
import java.time.Duration;

/**
 * Whether this process leads, and the ways to stop. Thread-safe.
 *
 * <p>The order of a stop: {@link #closeToNewWork}, drain what was begun, {@link #release}, {@link
 * #close}. When the work could not be drained, exit without {@code release} and {@code close}: the
 * Lease then runs out by itself, after every write of this process has ended.
 */
public interface Leadership extends AutoCloseable {

  /**
   * Leadership by election on a Lease.
   *
   * @param settings with no {@link ElectionSettings#problems}
   * @param identity of this process on the Lease: {@code <pod name>_<pod UID>}
   * @param preparation comes before the start of each term
   */
  static Leadership elected(
      ElectionSettings settings, String identity, LeaseStore store, TermPreparation preparation) {
    return ElectedLeadership.create(settings, identity, store, TimeSource.system(), preparation);
  }

  /** Leadership by declaration, for {@code leaderElection.enabled: false}. */
  static Leadership permanent(String identity, TermPreparation preparation) {
    return new PermanentLeadership(identity, TimeSource.system(), preparation);
  }

  /** Begins to stand for election. Call once. */
  void start();

  /** Adds a listener; only before {@link #start}. */
  void addListener(LeadershipListener listener);

  /** What every writer asks immediately before it writes. The same object for the whole run. */
  Fence fence();

  /** What is known of the Lease and of this process' part in it. */
  LeadershipStatus status();

  /**
   * How long this process has held the Lease without leading yet, as what comes before the start of
   * a term is not done; zero on a leader and on a standby.
   */
  Duration waitingToStart();

  /**
   * How long the election loop has not tried anything, for {@code /livez}: far below 1 s when
   * healthy, up to a call timeout while a request hangs, however long the API is away.
   */
  Duration sinceLastAttempt();

  /**
   * Gives leadership up though the process lives on (its workers make no progress, its caches are
   * stale): no write passes from now on, the Lease is released once every write on its way must
   * have ended, and this process stands back for one lease duration so that another can take over.
   * Does not block; does nothing on a standby.
   *
   * @param reason a phrase for the log and the listeners, e.g. "no worker progress for 30s"
   */
  void stepDown(String reason);

  /** First step of a stop: {@link Fence#isOpen} is false from now on, for good. Still renews. */
  void closeToNewWork();

  /**
   * Gives the Lease back so that another replica leads at once, and never stands again. No write
   * passes from the moment of the call, so drain first.
   *
   * @param timeout the longest this may block
   */
  ReleaseResult release(Duration timeout);

  /** Ends the election: releases the Lease if that was not done, frees the threads; bounded. */
  @Override
  void close();
}
