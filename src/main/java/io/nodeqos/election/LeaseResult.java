// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The result of one request on the Lease. */
public sealed interface LeaseResult {

  /** The server's reply: the Lease as it is now. */
  record Ok(LeaseState state) implements LeaseResult {
    public Ok {
      Objects.requireNonNull(state, "state");
    }
  }

  /** There is no such Lease (404). */
  record NotFound() implements LeaseResult {}

  /** The Lease has changed since the version in the request, or exists already (409). */
  record Conflict() implements LeaseResult {}

  /**
   * Anything else. The request may have been committed nevertheless: a lost reply looks the same.
   *
   * @param sentence the cause, for the log
   * @param retryAfter the server's Retry-After; empty without one
   */
  record Failed(String sentence, Optional<Duration> retryAfter) implements LeaseResult {
    public Failed {
      Objects.requireNonNull(sentence, "sentence");
      Objects.requireNonNull(retryAfter, "retryAfter");
    }

    public Failed(String sentence) {
      this(sentence, Optional.empty());
    }
  }
}
