// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Writes that were sent and had no clear answer: no reply in time, a lost connection, or a failure
 * of the API server, which may carry them out all the same. Thread-safe.
 */
public final class UnansweredWrites {
  private final TimeSource time;
  private final Duration onTheWay;
  private volatile OptionalLong lastNanos = OptionalLong.empty();

  /**
   * @param onTheWay how long a write may be on its way after its caller has given it up
   */
  public UnansweredWrites(TimeSource time, Duration onTheWay) {
    this.time = time;
    this.onTheWay = onTheWay;
  }

  /** A write was given up now. */
  public void add() {
    lastNanos = OptionalLong.of(time.nanos());
  }

  /** How long the last one may still be on its way; zero when none is. */
  public Duration left() {
    OptionalLong last = lastNanos;
    return last.isPresent() ? time.left(last.getAsLong(), onTheWay) : Duration.ZERO;
  }
}
