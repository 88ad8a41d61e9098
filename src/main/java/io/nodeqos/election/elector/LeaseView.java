// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.election.LeaseState;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The known state of the Lease, and its age. Replies of the server are authoritative; events of the
 * watch, which can be late or come from a lagging server, count only when they are newer. The
 * silence of a holder is measured by nanoTime from the moment its version was first seen here, so
 * neither side's wall clock matters. Not thread-safe: guarded by the lock that owns it.
 */
final class LeaseView {

  /** A healthy Lease changes every renew period: after so long without a change, read it. */
  static final Duration SILENCE = Duration.ofSeconds(5);

  /** Less than what is left of the margin after the longest call. */
  private static final Duration FORESIGHT = Duration.ofMillis(400);

  private final TimeSource time;
  private final String identity;
  private final LeaseSanitizer sanitizer;

  private boolean known;
  private LeaseState state;
  private boolean doubtful;

  /** Counts the adopted versions, so that a reply shows whether an event came in between. */
  private long changes;

  private long heardAt;
  private String confirmed;

  /** Of the present state, or of the last one when the Lease is gone. */
  private String version;

  /** The last version with a holder, also this process: outlives the release and the deletion. */
  private LeaseState lastHeld;

  private long lastHeldSince;
  private boolean givenBack;

  /** When the Lease of an earlier process with this identity was found; empty without one. */
  private OptionalLong inheritedAt = OptionalLong.empty();

  LeaseView(TimeSource time, String identity, LeaseSanitizer sanitizer) {
    this.time = time;
    this.identity = identity;
    this.sanitizer = sanitizer;
  }

  LeaseStanding standing() {
    if (!known) {
      return LeaseStanding.UNKNOWN;
    }
    if (state == null) {
      return deletedUnder() ? LeaseStanding.HELD : LeaseStanding.ABSENT;
    }
    if (state.holder() == null) {
      return LeaseStanding.FREE;
    }
    if (state.heldBy(identity)) {
      return LeaseStanding.MINE;
    }
    if (!silentTooLong()) {
      return LeaseStanding.HELD;
    }
    return state.resourceVersion().equals(confirmed) ? LeaseStanding.EXPIRED : LeaseStanding.LAPSED;
  }

  /**
   * Whether a silent holder has no write in flight any more, and its time is nearly over: its fence
   * closes earlier, by the margin, and a write takes no longer than its call timeout.
   */
  boolean isLapsing() {
    return known
        && state != null
        && standing() == LeaseStanding.HELD
        && !state.heldBy(identity)
        && time.since(lastHeldSince).compareTo(sanitizer.duration(state.spec()).minus(FORESIGHT))
            >= 0;
  }

  /** Whether only a read from the server can show the present state. */
  boolean mustAsk() {
    return !known
        || doubtful
        || time.since(heardAt).compareTo(SILENCE) >= 0
        || standing() == LeaseStanding.LAPSED;
  }

  /** A write met another version: the state known here is out of date. */
  boolean isDoubtful() {
    return doubtful;
  }

  void doubt() {
    doubtful = true;
  }

  /** The present version; empty while unknown or absent. */
  Optional<LeaseState> state() {
    return Optional.ofNullable(state);
  }

  LeadershipStatus status(boolean leading) {
    Optional<LeaseState.Spec> spec = state().map(LeaseState::spec);
    return new LeadershipStatus(
        identity,
        leading,
        spec.map(LeaseState.Spec::holder),
        spec.map(LeaseState.Spec::transitions).orElse(0L),
        spec.filter(s -> s.holder() != null).map(LeaseState.Spec::acquireTime),
        spec.map(LeaseState.Spec::renewTime));
  }

  /**
   * The state known when a request was sent.
   *
   * @param lapsed whether the holder's time had expired: then an unchanged version confirms it
   * @param lastHolder the last one, also when the Lease was released or deleted since
   * @param lastSign when a holder last renewed or released the Lease, by its own clock
   */
  record AtSend(
      long changes, boolean lapsed, Optional<String> lastHolder, Optional<Instant> lastSign) {}

  /** To be passed to {@link #replied} with the answer of the request. */
  AtSend atSend() {
    Optional<LeaseState> held = Optional.ofNullable(lastHeld);
    Optional<Instant> lastSign =
        state()
            .filter(s -> s.holder() == null)
            .map(s -> s.spec().renewTime())
            .or(() -> held.map(s -> s.spec().renewTime()));
    return new AtSend(
        changes, standing() == LeaseStanding.LAPSED, held.map(LeaseState::holder), lastSign);
  }

  /**
   * The server's answer to a request.
   *
   * @return whether this is the present state: false when a newer version was already seen
   */
  boolean replied(LeaseState reply, AtSend sent) {
    doubtful = false;
    boolean eventSince = changes != sent.changes;
    if (eventSince
        && state != null
        && LeaseVersion.newer(state.resourceVersion(), reply.resourceVersion())) {
      return false;
    }
    heardAt = time.nanos();
    boolean same = isVersion(reply.resourceVersion());
    if (same && sent.lapsed) {
      confirmed = reply.resourceVersion();
    }
    if (!same) {
      adopt(reply);
    }
    return true;
  }

  /** The server answered that there is no Lease. */
  void repliedAbsent() {
    doubtful = false;
    heardAt = time.nanos();
    gone();
  }

  /** An event of the watch; dropped unless it is newer than what is known. */
  void observed(LeaseState event) {
    if (state != null && isVersion(event.resourceVersion())) {
      heardAt = time.nanos();
    } else if (isNews(event.resourceVersion())) {
      heardAt = time.nanos();
      adopt(event);
    }
  }

  /** The watch saw the deletion of the Lease; dropped for an older version. */
  void observedGone(String version) {
    if (isNews(version)) {
      heardAt = time.nanos();
      gone();
      this.version = version;
    }
  }

  /** A sign of life of the watch. */
  void heard() {
    if (known) {
      heardAt = time.nanos();
    }
  }

  /**
   * The rest of this time since an earlier process with this identity was found to hold the Lease:
   * a container that was restarted in its pod. Zero without one.
   */
  Duration leftSinceInherited(Duration of) {
    return inheritedAt.isPresent() ? time.left(inheritedAt.getAsLong(), of) : Duration.ZERO;
  }

  /** The highest transitions seen: an acquisition, also of a new Lease, has the next number. */
  long transitions() {
    long last = state == null ? 0 : LeaseSanitizer.transitions(state.spec());
    return Math.max(last, lastHeld == null ? 0 : LeaseSanitizer.transitions(lastHeld.spec()));
  }

  private boolean isNews(String candidate) {
    // Before the first reply, or without any version, there is nothing to compare with: a stale
    // event could bring an old holder back.
    return known && LeaseVersion.newer(candidate, version);
  }

  private boolean isVersion(String candidate) {
    return state != null && state.resourceVersion().equals(candidate);
  }

  private void adopt(LeaseState next) {
    if (!known && next.heldBy(identity)) {
      inheritedAt = OptionalLong.of(time.nanos());
    }
    known = true;
    changes++;
    confirmed = null;
    state = next;
    version = next.resourceVersion();
    givenBack = next.holder() == null;
    if (!givenBack) {
      lastHeld = next;
      lastHeldSince = time.nanos();
    }
    sanitizer.look(next.spec());
  }

  private void gone() {
    known = true;
    changes++;
    confirmed = null;
    state = null;
  }

  /** The Lease was deleted while another replica held it, which may not know yet. */
  private boolean deletedUnder() {
    return lastHeld != null && !givenBack && !lastHeld.heldBy(identity) && !silentTooLong();
  }

  /** By the holder's own duration when it is the longer one: its fence depends on that. */
  private boolean silentTooLong() {
    return time.since(lastHeldSince).compareTo(sanitizer.duration(lastHeld.spec())) >= 0;
  }
}
