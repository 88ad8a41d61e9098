// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.LeaseState;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes the next content of the Lease from its known version; empty without one. {@link LeaseHold}
 * decides whether the write is allowed, and guards this object.
 */
final class LeaseDrafts {

  private final String identity;
  private final Duration leaseDuration;
  private final LeaseView view;
  private final TimeSource time;

  LeaseDrafts(String identity, Duration leaseDuration, LeaseView view, TimeSource time) {
    this.identity = identity;
    this.leaseDuration = leaseDuration;
    this.view = view;
    this.time = time;
  }

  /** For a Lease that does not exist. */
  LeaseRequests.Request creation() {
    return new LeaseRequests.Take(LeaseState.toCreate(taken()));
  }

  Optional<LeaseRequests.Request> take() {
    return view.state().map(s -> new LeaseRequests.Take(s.with(taken())));
  }

  Optional<LeaseRequests.Request> renewal(LeaderTerm term) {
    LeaseState.Spec spec = spec(identity, term.since(), time.wallTime(), term.epoch());
    return view.state().map(s -> new LeaseRequests.Renew(s.with(spec)));
  }

  Optional<LeaseRequests.Request> release() {
    LeaseState.Spec spec = spec(null, null, time.wallTime(), view.transitions());
    return view.state().map(s -> new LeaseRequests.Release(s.with(spec)));
  }

  private LeaseState.Spec taken() {
    Instant now = time.wallTime();
    return spec(identity, now, now, LeaseSanitizer.next(view.transitions()));
  }

  private LeaseState.Spec spec(String holder, Instant acquired, Instant renewed, long transitions) {
    return new LeaseState.Spec(holder, leaseDuration, acquired, renewed, transitions);
  }
}
