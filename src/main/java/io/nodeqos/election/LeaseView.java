// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What this process knows of the Lease, and since when. Replies of the server are the truth; events
 * of the watch, which can be late or come from a lagging server, count only when they are newer.
 * How long a holder was silent is measured by nanoTime from when its version was first seen here,
 * so neither side's wall clock matters. Not thread-safe: guarded by the lock that owns it.
 */
final class LeaseView {

  /** A healthy Lease changes every renew period: after so long without a word, ask. */
  static final Duration SILENCE = Duration.ofSeconds(5);

  private final TimeSource time;
  private final String identity;
  private final LeaseSense sense;

  private boolean known;
  private LeaseState state;
  private boolean doubtful;

  /** Counts what was adopted, so that a reply can tell whether an event came in between. */
  private long changes;

  private long heardAt;
  private String confirmed;

  /** Of the present state, or of the last one when the Lease is gone. */
  private String version;

  /** The last version with a holder, ourselves too: outlives the release and the deletion. */
  private LeaseState lastHeld;

  private long lastHeldSince;
  private boolean givenBack;

  LeaseView(TimeSource time, String identity, LeaseSense sense) {
    this.time = time;
    this.identity = identity;
    this.sense = sense;
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

  /** Whether only the server can say how things stand. */
  boolean mustAsk() {
    return !known
        || doubtful
        || time.since(heardAt).compareTo(SILENCE) >= 0
        || standing() == LeaseStanding.LAPSED;
  }

  /** A write met another version: what is known here is out of date. */
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
   * What was known when a request was sent.
   *
   * @param lapsed whether the holder's time had run out: then an unchanged version confirms it
   * @param lastHolder the last one, also when the Lease was released or deleted since
   * @param lastSign when a holder last renewed the Lease or gave it back, by its own clock
   */
  record AtSend(
      long changes, boolean lapsed, Optional<String> lastHolder, Optional<Instant> lastSign) {}

  /** To be passed to {@link #replied} with the answer of a request that is sent now. */
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

  /** The server says that there is no Lease. */
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

  /** The watch saw the Lease go; dropped when it is about an older one. */
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

  /** The highest transitions seen: a take, also of a new Lease, is the next after it. */
  long transitions() {
    long last = state == null ? 0 : LeaseSense.transitions(state.spec());
    return Math.max(last, lastHeld == null ? 0 : LeaseSense.transitions(lastHeld.spec()));
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
    sense.look(next.spec());
  }

  private void gone() {
    known = true;
    changes++;
    confirmed = null;
    state = null;
  }

  /** The Lease was deleted while another held it, who may not know yet. */
  private boolean deletedUnder() {
    return lastHeld != null && !givenBack && !lastHeld.heldBy(identity) && !silentTooLong();
  }

  /** By the holder's own duration when it is the longer one: its fence was made from that. */
  private boolean silentTooLong() {
    return time.since(lastHeldSince).compareTo(sense.duration(lastHeld.spec())) >= 0;
  }
}
