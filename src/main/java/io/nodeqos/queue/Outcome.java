// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import io.nodeqos.telemetry.tracing.SpanRef;
import java.time.Duration;

/** How the work on a key ended, and so when the key is worked on next. */
public sealed interface Outcome {

  /** It succeeded: failures are forgotten. */
  record Done() implements Outcome {}

  /**
   * It succeeded, and runs again after a delay even without a change.
   *
   * @param span the span of this work, to which the next one links
   */
  record Again(Lane lane, Duration after, SpanRef span) implements Outcome {
    public Again(Lane lane, Duration after) {
      this(lane, after, SpanRef.NONE);
    }
  }

  /**
   * It was not tried: it runs again after a delay, in the same lane and for the same cause.
   * Failures neither count nor are forgotten.
   */
  record Postponed(Duration after) implements Outcome {}

  /**
   * It failed: the failure counts, and the delays define the next try.
   *
   * @param span the span of this attempt, to which the next one links
   */
  record Failed(RetryDelays delays, SpanRef span) implements Outcome {
    public Failed(RetryDelays delays) {
      this(delays, SpanRef.NONE);
    }
  }

  /** The same, of work that has a span. */
  default Outcome of(SpanRef span) {
    if (this instanceof Again again) {
      return new Again(again.lane(), again.after(), span);
    }
    return this instanceof Failed failed ? new Failed(failed.delays(), span) : this;
  }

  static Outcome done() {
    return new Done();
  }

  /** Succeeded; run again after this delay, as a {@link Lane#CHANGE}. */
  static Outcome again(Duration after) {
    return new Again(Lane.CHANGE, after);
  }

  /** Failed; try again after the delay that these give for the number of failures in a row. */
  static Outcome failed(RetryDelays delays) {
    return new Failed(delays);
  }

  /** Failed; the server gave the time of the next try (a Retry-After). */
  static Outcome failedUntil(Duration after) {
    return new Failed(failures -> after);
  }
}
