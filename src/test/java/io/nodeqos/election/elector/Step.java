// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One step of {@link OrderedWorld}.
 *
 * @param candidate 0 or 1; 0 for a step of the world
 */
record Step(Kind kind, int candidate) {

  enum Kind {
    /** The elector looks at the lock: a round begins, a request is sent, or nothing happens. */
    LOOK,
    /** The preparation of the term is done. */
    PREPARED,
    /** The oldest request reaches the server. */
    COMMIT,
    /** Its reply comes back. */
    REPLY,
    /** The next event of the watch comes. */
    EVENT,
    SECOND,
    RENEW_PERIOD,
    VALIDITY,

    /** From here on disturbances, of which an order has only a few. The caller gives up. */
    TIMEOUT,
    /** A request that its caller has given up reaches the server. */
    LATE_COMMIT,
    /**
     * The watch loses its events, and begins anew with the version before, then the present one.
     */
    WATCH_RESTART,
    /** The process is killed, and one with the same identity starts. */
    RESTART,
    STEP_DOWN,
    /** SIGTERM; the last look then releases the Lease. */
    STOP,
    /** The wall clock is set by an hour. */
    CLOCK_FORWARD,
    CLOCK_BACK,
    /** A person deletes the Lease. */
    DELETION;

    boolean isDisturbance() {
      return compareTo(TIMEOUT) >= 0;
    }

    private boolean isOfTheWorld() {
      return this == SECOND || this == RENEW_PERIOD || this == VALIDITY || this == DELETION;
    }
  }

  /** Each kind for each candidate. */
  static List<Step> all() {
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                IntStream.range(0, kind.isOfTheWorld() ? 1 : 2).mapToObj(c -> new Step(kind, c)))
        .toList();
  }

  @Override
  public String toString() {
    return kind.isOfTheWorld() ? kind.name() : kind + " of " + (char) ('A' + candidate);
  }
}
