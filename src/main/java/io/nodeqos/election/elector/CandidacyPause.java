// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.time.TimeSource;
import java.time.Duration;

/** The reasons of this process not to take the Lease. Guarded by {@link LeaseHold}. */
final class CandidacyPause {

  private final TimeSource time;

  private boolean closed;
  private boolean roundOver;
  private long standBackFrom;
  private Duration standBack = Duration.ZERO;

  CandidacyPause(TimeSource time) {
    this.time = time;
  }

  /** Whether this process must not take it now. */
  boolean applies() {
    return closed || roundOver || time.since(standBackFrom).compareTo(standBack) < 0;
  }

  /** The term of this round is over, and the elector must learn of that before the next term. */
  void endRound() {
    roundOver = true;
  }

  void newRound() {
    roundOver = false;
  }

  void standBack(Duration duration) {
    standBackFrom = time.nanos();
    standBack = duration;
  }

  /** For good. */
  void close() {
    closed = true;
  }
}
