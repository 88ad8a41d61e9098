// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * The fence of an elected leader. It opens when a term is acquired <em>and</em> its preparation is
 * done, stays open for {@code leaseDuration - margin} from before the last renewal was sent, by the
 * monotonic clock or by the wall clock, whichever is earlier, and closes at once when another
 * holder is seen. Only a committed PUT extends it. Once closed, it stays closed until another term
 * starts: neither a late renewal nor a step of a clock opens it again.
 */
final class LeaseFence implements Fence {

  /** How far the wall clock may fall behind the monotonic one: drift, never a step. */
  private static final Duration TOLERANCE = Duration.ofMillis(250);

  /** The reason of the end of a term whose validity has expired. */
  static final String NOT_RENEWED = "the Lease was not renewed in time";

  private final TimeSource time;
  private final Duration validity;

  /** Replaced under the monitor, read without it: a check costs two clock readings. */
  private volatile Term term = Term.none("it never held the Lease");

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
      throw new FencedException("write not sent, this process does not lead: " + reason);
    }
  }

  @Override
  public long epoch() {
    return term.epoch;
  }

  /** A term was acquired by a PUT that was sent after {@code sent}. Writes wait for its start. */
  synchronized void take(long epoch, TimeSource.Moment sent) {
    term = new Term(epoch, true, false, sent, "");
  }

  /** The preparation of the term is done: from now on writes pass. False when the term is over. */
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

  /** Ends the term at once; no renewal can reopen it. */
  synchronized void revoke(String reason) {
    Term t = term;
    if (t.taken) {
      term = t.end(reason);
    }
  }

  /** For good: this process stops. Work already started may still be written. */
  void closeToNewWork() {
    closedToNewWork = true;
  }

  /** Whether the validity of an acquired term has not expired, started or not. */
  boolean isValid() {
    return current().taken;
  }

  /** Why the last term ended; empty during a term. */
  String endReason() {
    return term.ended;
  }

  /**
   * A caller that finds the validity expired ends the term, or a step of a clock could reopen it.
   */
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
        // Set back: a suspension of the machine would stay unnoticed until the next renewal.
        || elapsedWall.plus(TOLERANCE).compareTo(elapsed) < 0;
  }
}
