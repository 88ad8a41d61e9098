// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Duration;

/**
 * Whether this process leads, and the ways to stop. Thread-safe.
 *
 * <p>The order of a stop: {@link #closeToNewWork}, drain the started work, {@link #release}, {@link
 * #close}. When the work could not be drained, exit without {@code release} and {@code close}: the
 * Lease then expires by itself, after every write of this process has ended.
 */
public interface Leadership extends AutoCloseable {

  /** Starts the candidacy. Call once. */
  void start();

  /** Adds a listener; only before {@link #start}. */
  void addListener(LeadershipListener listener);

  /** Every writer checks it immediately before a write. The same object for the whole run. */
  Fence fence();

  /** The known state of the Lease and of this process. */
  LeadershipStatus status();

  /**
   * How long this process has held the Lease without leading, because the preparation of the term
   * is not done; zero on a leader and on a standby.
   */
  Duration waitingToStart();

  /**
   * How long ago the election loop made its last attempt, for {@code /livez}: far below 1 s when
   * healthy, up to a call timeout while a request hangs, however long the API server is
   * unavailable.
   */
  Duration sinceLastAttempt();

  /**
   * Gives up leadership while the process goes on (its workers make no progress, its caches are
   * stale): no write passes from now on, the Lease is released once every write in flight must have
   * ended, and this process is no candidate for one lease duration so that another replica can take
   * over. Does not block; does nothing on a standby.
   *
   * @param reason a phrase for the log and the listeners, e.g. "no worker made progress for 31s"
   */
  void stepDown(String reason);

  /** First step of a stop: {@link Fence#isOpen} is false from now on, for good. Still renews. */
  void closeToNewWork();

  /**
   * Releases the Lease so that another replica leads at once, and ends the candidacy for good. No
   * write passes from the moment of the call, so drain first.
   *
   * @param timeout the longest time that this may block
   */
  ReleaseResult release(Duration timeout);

  /**
   * Ends the election: releases the Lease unless that is done, ends the threads; bounded in time.
   */
  @Override
  void close();
}
