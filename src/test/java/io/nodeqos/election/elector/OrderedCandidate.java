// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.time.TimeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One process of {@link OrderedWorld}: the real hold and fence, under the steps of {@link
 * WatchedLock} and {@link ElectedLeadership} taken apart, so that anything can happen between two
 * of them.
 */
final class OrderedCandidate implements LeaseRequests {

  /** A version of the Lease, or its deletion when there is no state. */
  record Event(String version, Optional<LeaseState> state) {}

  /** A request on its way. */
  static final class Sent {
    final Request request;
    final CompletableFuture<LeaseResult> reply = new CompletableFuture<>();

    /** What the hold knew: its counter of versions, and what it made of the Lease. */
    final long changes;

    final LeaseStanding standing;
    LeaseResult result;

    Sent(Request request, long changes, LeaseStanding standing) {
      this.request = request;
      this.changes = changes;
      this.standing = standing;
    }
  }

  final String identity;
  final LeaseFence fence;
  final LeaseHold hold;

  /** Events of its watch that have not come yet. */
  final Deque<Event> events = new ArrayDeque<>();

  /** Requests that the caller has given up, and that may reach the server later. */
  final Deque<Request> adrift = new ArrayDeque<>();

  private final ElectionSettings settings;
  private final TimeSource time;
  private Optional<Sent> inFlight = Optional.empty();
  private boolean roundOver = true;
  private boolean prepares;
  private long reported = -1;
  private boolean stopping;
  private boolean gaveBack;
  private Optional<Long> stepDownAt = Optional.empty();

  OrderedCandidate(String identity, ElectionSettings settings, TimeSource time) {
    this.identity = identity;
    this.settings = settings;
    this.time = time;
    this.fence = new LeaseFence(settings, time);
    this.hold = new LeaseHold(identity, settings, fence, this, time);
  }

  void begin() {
    hold.watch(
        new TermWatch() {
          @Override
          public void taken(LeaderTerm term, String replaced) {
            prepares = true;
          }

          @Override
          public void lost(String reason) {
            endRound();
          }
        });
  }

  private void endRound() {
    roundOver = true;
    prepares = false;
  }

  @Override
  public CompletableFuture<LeaseResult> send(Request request) {
    Sent sent = new Sent(request, StateText.changes(hold), hold.standing());
    inFlight = Optional.of(sent);
    return sent.reply;
  }

  Optional<Sent> inFlight() {
    return inFlight;
  }

  /** The answer of the request in flight, or the failure that ends it for the caller. */
  void replied(LeaseResult result) {
    Sent sent = inFlight.orElseThrow();
    inFlight = Optional.empty();
    sent.reply.complete(result);
    hold.term()
        .filter(term -> term.epoch() != reported)
        .ifPresent(
            term -> {
              reported = term.epoch();
              hold.reportTerm();
            });
  }

  boolean prepares() {
    return prepares;
  }

  Optional<LeaderTerm> prepared() {
    prepares = false;
    return hold.term().flatMap(term -> hold.startTerm(term.epoch()));
  }

  /** What the elector does in one attempt, or the release in one of its turns. */
  void look() {
    if (inFlight.isPresent()) {
      return;
    }
    if (stopping) {
      if (hold.untilReleasable().isZero()) {
        hold.nextRelease().ifPresent(this::sendByHold);
      }
      return;
    }
    if (stepDownAt.isPresent()) {
      giveBack(stepDownAt.get());
      return;
    }
    if (roundOver) {
      hold.endTerm(LeaseFence.NOT_RENEWED);
      roundOver = false;
      hold.newRound();
    }
    hold.checkTerm();
    if (hold.wantsRead()) {
      sendByHold(new Get());
    } else if (!hold.isFresh()) {
      hold.nextWrite().ifPresent(this::sendByHold);
    }
  }

  /** Its outcome is seen in the state of the hold. */
  private void sendByHold(Request request) {
    CompletableFuture<Boolean> unused = hold.send(request);
  }

  private void giveBack(long since) {
    if (time.since(since).compareTo(settings.callTimeout()) >= 0) {
      Optional<Request> release = hold.nextRelease();
      release.ifPresent(this::sendByHold);
      if (release.isEmpty()) {
        stepDownAt = Optional.empty();
      }
    }
  }

  void stepDown() {
    stepDownAt = Optional.of(time.nanos());
    gaveBack = true;
    hold.standBack("its workers are stuck", settings.leaseDuration());
  }

  void stop() {
    stopping = true;
    fence.closeToNewWork();
    hold.close();
  }

  /** Whether it has begun to step down in this process' life. */
  boolean gaveBack() {
    return gaveBack;
  }

  boolean isStopping() {
    return stopping;
  }

  void nextEvent() {
    Event event = events.remove();
    event.state.ifPresentOrElse(hold::changed, () -> hold.deleted(event.version));
  }

  /** Whether it can send a write now. */
  boolean canWrite() {
    return fence.isOpen();
  }

  /** All that its next steps depend on. */
  void describe(StateText text) {
    text.add(roundOver).add(prepares).add(stopping).add(stepDownAt.isPresent());
    stepDownAt.ifPresent(text::time);
    text.object(hold);
    inFlight.ifPresent(
        sent ->
            text.request(sent.request)
                .result(sent.result)
                .add(StateText.changes(hold) == sent.changes)
                .add(sent.standing == LeaseStanding.LAPSED));
    adrift.forEach(text::request);
    text.add(events.size());
    events.forEach(e -> text.version(e.version).state(e.state.orElse(null)));
  }
}
