// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The hold of this process on the Lease: decides which request may be sent, and applies each reply
 * and each event to the term and the fence. Never blocks; one request at a time. Thread-safe.
 */
final class LeaseHold implements LeaseStore.Listener {
  private final String identity;
  private final ElectionSettings settings;
  private final LeaseFence fence;
  private final LeaseRequests requests;
  private final TimeSource time;
  private final LeaseView view;
  private final LeaseDrafts drafts;
  private final RetryPause reads;
  private final RetryPause writes;
  private final CandidacyPause candidacyPause;

  // All guarded by this.
  private final OneRequest last;
  private Optional<TermWatch> watch = Optional.empty();
  private OwnTerm term;

  LeaseHold(
      String identity,
      ElectionSettings settings,
      LeaseFence fence,
      LeaseRequests requests,
      TimeSource time) {
    this.identity = identity;
    this.settings = settings;
    this.fence = fence;
    this.requests = requests;
    this.time = time;
    this.view = new LeaseView(time, identity, new LeaseSanitizer(settings, time));
    this.drafts = new LeaseDrafts(identity, settings.leaseDuration(), view, time);
    this.reads = new RetryPause(time, settings, "Reading", identity);
    this.writes = new RetryPause(time, settings, "Writing", identity);
    this.candidacyPause = new CandidacyPause(time);
    this.last = new OneRequest(time);
  }

  private record Sent(
      LeaseRequests.Request request, TimeSource.Moment moment, LeaseView.AtSend known) {}

  /** Call it before the first request. */
  synchronized void watch(TermWatch newWatch) {
    watch = Optional.of(newWatch);
  }

  LeaseFence fence() {
    return fence;
  }

  String identity() {
    return identity;
  }

  /** The outcome of the last request that was sent; see {@link #send}. */
  synchronized CompletableFuture<Boolean> inFlight() {
    return last.outcome();
  }

  /** Whether a read from the server must come first. */
  synchronized boolean wantsRead() {
    // In a term our own PUTs return the present state: a silent watch is no reason to read.
    boolean needed = term == null ? view.mustAsk() : view.isDoubtful();
    return needed && !candidacyPause.applies() && !reads.isPausing() && !writes.isPausing();
  }

  /** The term as a reason to renew, if there is one. */
  synchronized Optional<LeaderTerm> term() {
    return Optional.ofNullable(term).map(t -> t.facts);
  }

  /** {@link LeaseStanding#HELD} also while this process must not take the Lease. */
  synchronized LeaseStanding standing() {
    return candidacyPause.applies() ? LeaseStanding.HELD : view.standing();
  }

  synchronized long transitions() {
    return view.transitions();
  }

  /**
   * Whether a write can be skipped: the term was renewed a moment ago, or the elector does not know
   * of it, which a slow PUT could repeat for ever.
   */
  synchronized boolean isFresh() {
    return isHeld()
        && (!term.reported || time.since(term.renewedAt).compareTo(settings.retryPeriod()) < 0);
  }

  /** Whether there is a term whose validity has not expired. */
  synchronized boolean isHeld() {
    return term != null && fence.isValid();
  }

  /** The acquisition or renewal that is due; empty when no write is allowed now. */
  synchronized Optional<LeaseRequests.Request> nextWrite() {
    if (view.isDoubtful() || writes.isPausing()) {
      return Optional.empty();
    }
    if (term != null) {
      return drafts.renewal(term.facts);
    }
    return switch (standing()) {
      case ABSENT -> Optional.of(drafts.creation());
      case FREE, MINE, EXPIRED -> drafts.take();
      case UNKNOWN, HELD, LAPSED -> Optional.empty();
    };
  }

  /** How long a release must wait: a write of an earlier process may still be in flight. */
  synchronized Duration untilReleasable() {
    return view.leftSinceInherited(settings.callTimeout());
  }

  /**
   * A read or the write that releases the Lease, after {@link #close} or {@link #standBack}; empty
   * when another holder or none has it.
   */
  synchronized Optional<LeaseRequests.Request> nextRelease() {
    if (view.isDoubtful()) {
      return Optional.of(new LeaseRequests.Get());
    }
    return view.standing() == LeaseStanding.MINE ? drafts.release() : Optional.empty();
  }

  /** Sends it, unless one is in flight: true when it succeeded <em>and</em> is in force here. */
  synchronized CompletableFuture<Boolean> send(LeaseRequests.Request request) {
    if (!last.isDone()) {
      return CompletableFuture.completedFuture(false);
    }
    Sent sent = new Sent(request, time.moment(), view.atSend());
    return last.sent(
        sent.moment.nanos(), requests.send(request).thenApply(result -> replied(sent, result)));
  }

  private synchronized boolean replied(Sent sent, LeaseResult result) {
    boolean read = sent.request instanceof LeaseRequests.Get;
    (read ? reads : writes).answered(result, term != null);
    boolean ok = false;
    if (result instanceof LeaseResult.Ok reply) {
      boolean present = view.replied(reply.state(), sent.known);
      // A release is complete whatever was seen since: an event may overtake its reply.
      ok =
          present && committed(sent, reply.state())
              || sent.request instanceof LeaseRequests.Release;
    } else if (result instanceof LeaseResult.NotFound) {
      view.repliedAbsent();
      ok = read;
    } else if (result instanceof LeaseResult.Conflict || !read) {
      // A write that failed may have been committed.
      view.doubt();
    }
    checkTerm();
    return ok;
  }

  private boolean committed(Sent sent, LeaseState reply) {
    if (sent.request instanceof LeaseRequests.Take take) {
      if (candidacyPause.applies()) {
        return false;
      }
      OwnTerm own = OwnTerm.taken(reply.spec().transitions(), sent.moment, sent.known);
      term = own;
      fence.take(own.facts.epoch(), sent.moment);
      watch.ifPresent(w -> w.taken(own.facts, take.state().resourceVersion()));
    } else if (sent.request instanceof LeaseRequests.Renew) {
      if (term == null || !fence.extend(reply.spec().transitions(), sent.moment)) {
        return false;
      }
      term.renewedAt = sent.moment.nanos();
    }
    return true;
  }

  @Override
  public synchronized void changed(LeaseState state) {
    view.observed(state);
    checkTerm();
    if (term == null && standing() == LeaseStanding.FREE) {
      // The elector would look in its next tick only.
      nextWrite().ifPresent(this::send);
    }
  }

  @Override
  public synchronized void deleted(String resourceVersion) {
    view.observedGone(resourceVersion);
    checkTerm();
  }

  @Override
  public synchronized void alive() {
    view.heard();
  }

  /**
   * Ends a term that is over, also one whose validity has expired while no other replica acquired
   * the Lease: caches can be as old as the pause in which it expired, and only a new term prepares.
   */
  synchronized void checkTerm() {
    if (term != null) {
      Optional<String> contradiction = term.contradiction(view.state(), identity);
      if (contradiction.isPresent() || !fence.isValid()) {
        endTerm(contradiction.orElseGet(fence::endReason));
      }
    }
  }

  /**
   * Reports that this process will take the Lease soon, if so: its holder is about to lapse. A
   * Lease that was released is taken first: all standbys see it at the same time, and one of them
   * leads.
   */
  synchronized void foresee() {
    if (term == null && !candidacyPause.applies() && view.isLapsing()) {
      view.state().ifPresent(s -> watch.ifPresent(w -> w.taking(s.resourceVersion())));
    }
  }

  /** Starts a round of the elector: only in a new round a lost Lease may be acquired again. */
  synchronized void newRound() {
    candidacyPause.newRound();
  }

  /** The elector knows of the term. */
  synchronized void reportTerm() {
    if (term != null) {
      term.reported = true;
    }
  }

  /** The preparation of the term is done: opens the fence. Empty when the term is over already. */
  synchronized Optional<LeaderTerm> startTerm(long epoch) {
    if (term == null || term.facts.epoch() != epoch || !fence.start(epoch)) {
      return Optional.empty();
    }
    term.started = true;
    return Optional.of(term.facts);
  }

  /** Ends the term, if any: the fence closes at once. */
  synchronized void endTerm(String reason) {
    if (term != null) {
      fence.revoke(reason);
      term = null;
      candidacyPause.endRound();
      watch.ifPresent(w -> w.lost(reason));
    }
  }

  /** Ends the term and keeps from taking the Lease for a while. */
  synchronized void standBack(String reason, Duration duration) {
    candidacyPause.standBack(duration);
    endTerm(reason);
  }

  /** Ends the term and keeps from taking the Lease for good. */
  synchronized void close() {
    candidacyPause.close();
    endTerm("this process stops");
  }

  /** How long a term has been waiting for its preparation; zero when none waits. */
  synchronized Duration waitingToStart() {
    return term == null || term.started ? Duration.ZERO : time.since(term.takenAt);
  }

  /** How long the request in flight has taken so far; zero without one. */
  synchronized Duration inFlightFor() {
    return last.inFlightFor();
  }

  synchronized LeadershipStatus status() {
    return view.status(term != null && term.started && fence.isValid());
  }
}
