// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * The fence of an elected leader. It opens when a term was taken <em>and</em> all is prepared for
 * it, stays open for {@code leaseDuration - margin} from before the last renewal was sent, by the
 * monotonic clock and by the wall clock, whichever closes first, and closes at once when another
 * holder is seen. Only a committed PUT extends it. Once it has closed it stays so until another
 * term starts: neither a late renewal nor a step of a clock opens it again.
 */
final class LeaseFence implements Fence {

  /** How far the wall clock may fall behind the monotonic one: drift, never a step. */
  private static final Duration TOLERANCE = Duration.ofMillis(250);

  /** Why a term ended whose validity has run out. */
  static final String NOT_RENEWED = "the Lease was not renewed in time";

  private final TimeSource time;
  private final Duration validity;

  /** Replaced under the monitor, read without it: a check costs two clock readings. */
  private volatile Term term = Term.none("it has never held the Lease");

  private volatile boolean closedToNewWork;

  LeaseFence(ElectionSettings settings, TimeSource time) {
    this.time = time;
    this.validity = settings.leaseDuration().minus(settings.margin());
  }

  private record Term(
      long epoch, boolean taken, boolean started, TimeSource.Moment sent, String ended) {

    static Term none(String reason) {
      return new Term(0, false, false, new TimeSource.Moment(0, Instant.EPOCH), reason);
    }

    Term end(String reason) {
      return new Term(epoch, false, false, sent, reason);
    }
  }

  @Override
  public boolean isOpen() {
    return !closedToNewWork && current().started;
  }

  @Override
  public void check() throws FencedException {
    Term t = current();
    if (!t.started) {
      String reason = t.taken ? "its term has not started yet" : t.ended;
      throw new FencedException("the write was not sent: this process may not lead, " + reason);
    }
  }

  @Override
  public long epoch() {
    return term.epoch;
  }

  /** A term was taken by a PUT that was about to be sent at {@code sent}. Writes wait for start. */
  synchronized void take(long epoch, TimeSource.Moment sent) {
    term = new Term(epoch, true, false, sent, "");
  }

  /** All is prepared for the term: from now on writes pass. False when the term is over. */
  synchronized boolean start(long epoch) {
    return replace(epoch, t -> new Term(epoch, true, true, t.sent, ""));
  }

  /** A renewal of that term was committed. False when the term is over. */
  synchronized boolean extend(long epoch, TimeSource.Moment sent) {
    return replace(epoch, t -> new Term(epoch, true, t.started, sent, ""));
  }

  private boolean replace(long epoch, UnaryOperator<Term> change) {
    Term t = current();
    boolean lasts = t.taken && t.epoch == epoch;
    if (lasts) {
      term = change.apply(t);
    }
    return lasts;
  }

  /** Ends the term at once; no renewal can bring it back. */
  synchronized void revoke(String reason) {
    Term t = term;
    if (t.taken) {
      term = t.end(reason);
    }
  }

  /** For good: this process is about to stop. What was begun may still be written. */
  void closeToNewWork() {
    closedToNewWork = true;
  }

  /** Whether the validity of a taken term has not run out, started or not. */
  boolean isValid() {
    return current().taken;
  }

  /** Why the last term ended; empty while one lasts. */
  String endReason() {
    return term.ended;
  }

  /** Whoever finds that the validity has run out ends the term, or a clock could bring it back. */
  private Term current() {
    Term t = term;
    return t.taken && lapsed(t) ? lapse(t) : t;
  }

  private synchronized Term lapse(Term seen) {
    if (term == seen) {
      term = seen.end(NOT_RENEWED);
    }
    return term;
  }

  private boolean lapsed(Term t) {
    Duration elapsed = Duration.ofNanos(time.nanos() - t.sent.nanos());
    Duration elapsedWall = Duration.between(t.sent.wall(), time.wallTime());
    return elapsed.compareTo(validity) >= 0
        || elapsedWall.compareTo(validity) >= 0
        // Set back: a suspension of the machine would go unseen until the next renewal.
        || elapsedWall.plus(TOLERANCE).compareTo(elapsed) < 0;
  }
}
