// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The last request on the Lease that was sent: there is one at a time. Guarded by its owner. */
final class OneRequest {
  private final TimeSource time;
  private CompletableFuture<Boolean> outcome = CompletableFuture.completedFuture(true);
  private long sentAt;

  OneRequest(TimeSource time) {
    this.time = time;
  }

  CompletableFuture<Boolean> outcome() {
    return outcome;
  }

  boolean isDone() {
    return outcome.isDone();
  }

  CompletableFuture<Boolean> sent(long nanos, CompletableFuture<Boolean> next) {
    sentAt = nanos;
    outcome = next;
    return next;
  }

  /** How long it has taken so far; zero once it is answered. */
  Duration inFlightFor() {
    return outcome.isDone() ? Duration.ZERO : time.since(sentAt);
  }
}
