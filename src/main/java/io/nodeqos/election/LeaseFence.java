// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Duration;
import java.time.Instant;

/**
 * The fence of an elected leader. It opens when a term was taken <em>and</em> the elector has
 * started it, stays open for {@code leaseDuration - margin} from before the last renewal was sent,
 * by the monotonic clock and by the wall clock, whichever closes first, and closes at once when
 * another holder is seen. Only a committed PUT extends it, or opens it again: once somebody has
 * seen it closed, no step of a clock does.
 */
final class LeaseFence implements Fence {

  /** How far the wall clock may fall behind the monotonic one: drift, never a step. */
  private static final Duration TOLERANCE = Duration.ofMillis(250);

  private final TimeSource time;
  private final Duration validity;

  /** Replaced under the monitor, read without it: a check costs two clock readings. */
  private volatile Term term = Term.none("it has never held the Lease");

  private volatile boolean closedToNewWork;

  LeaseFence(ElectionSettings settings, TimeSource time) {
    this.time = time;
    this.validity = settings.leaseDuration().minus(settings.margin());
  }

  /**
   * @param seenLapsed work may have been turned away since the last renewal
   */
  private record Term(
      long epoch,
      boolean taken,
      boolean started,
      TimeSource.Moment sent,
      boolean seenLapsed,
      String ended) {

    static Term none(String reason) {
      return new Term(0, false, false, new TimeSource.Moment(0, Instant.EPOCH), false, reason);
    }

    Term asSeenLapsed() {
      return new Term(epoch, taken, started, sent, true, ended);
    }
  }

  @Override
  public boolean isOpen() {
    return !closedToNewWork && closedBecause(term) == null;
  }

  @Override
  public void check() throws FencedException {
    String reason = closedBecause(term);
    if (reason != null) {
      throw new FencedException("the write was not sent: this process may not lead, " + reason);
    }
  }

  @Override
  public long epoch() {
    return term.epoch;
  }

  /** A term was taken by a PUT that was about to be sent at {@code sent}. Writes wait for start. */
  synchronized void take(long epoch, TimeSource.Moment sent) {
    term = new Term(epoch, true, false, sent, false, "");
  }

  /** The elector has reported the term: from now on writes pass. */
  synchronized void start(long epoch) {
    Term t = term;
    if (t.taken && t.epoch == epoch) {
      term = new Term(epoch, true, true, t.sent, t.seenLapsed, "");
    }
  }

  /**
   * A renewal of that term was committed; ignored when the term is over.
   *
   * @return whether that opened the fence again: the work that came while it was closed was turned
   *     away, and nobody else will bring it back
   */
  synchronized boolean extend(long epoch, TimeSource.Moment sent) {
    Term t = term;
    if (!t.taken || t.epoch != epoch) {
      return false;
    }
    boolean wasClosed = lapsed(t);
    Term renewed = new Term(epoch, true, t.started, sent, false, "");
    // The reply may come after another pause, and bring no time.
    boolean isClosed = lapsed(renewed);
    term = wasClosed && isClosed ? renewed.asSeenLapsed() : renewed;
    return t.started && wasClosed && !isClosed;
  }

  /** Ends the term at once; no renewal can bring it back. */
  synchronized void revoke(String reason) {
    Term t = term;
    if (t.taken) {
      term = new Term(t.epoch, false, false, t.sent, false, reason);
    }
  }

  /** For good: this process is about to stop. What was begun may still be written. */
  void closeToNewWork() {
    closedToNewWork = true;
  }

  /** Whether the validity of a taken term has not run out, started or not. */
  boolean isValid() {
    Term t = term;
    return t.taken && !lapsed(t);
  }

  /** Why the last term ended; empty while one lasts. */
  String endReason() {
    return term.ended;
  }

  private String closedBecause(Term t) {
    if (!t.taken) {
      return t.ended;
    }
    if (lapsed(t)) {
      seenLapsed(t);
      return "the Lease was not renewed in time";
    }
    return t.started ? null : "its term has not started yet";
  }

  private synchronized void seenLapsed(Term t) {
    if (term == t && !t.seenLapsed) {
      term = t.asSeenLapsed();
    }
  }

  private boolean lapsed(Term t) {
    if (t.seenLapsed) {
      return true;
    }
    Duration elapsed = Duration.ofNanos(time.nanos() - t.sent.nanos());
    Duration elapsedWall = Duration.between(t.sent.wall(), time.now());
    return elapsed.compareTo(validity) >= 0
        || elapsedWall.compareTo(validity) >= 0
        // Set back: a suspension of the machine would go unseen until the next renewal.
        || elapsedWall.plus(TOLERANCE).compareTo(elapsed) < 0;
  }
}
