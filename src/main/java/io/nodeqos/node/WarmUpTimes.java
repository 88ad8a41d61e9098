// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The times of a warm-up, gate by gate.
 *
 * @param begin since when the node keeps tenants off, or waits for its mark
 * @param gates by their names
 * @param stableSince since when all gates have been open, if the policy sets {@code stableFor}
 */
public record WarmUpTimes(
    Instant begin, Map<String, GateTimes> gates, Optional<Instant> stableSince) {

  /** The source of the time at which a gate opened. */
  public enum Accuracy {
    /** This process saw it closed, and then open. */
    OBSERVED,
    /** It was open when this process first checked; the cluster records since when. */
    EVIDENCE,
    /** It was open when this process first checked; it may have been open for long. */
    FIRST_SEEN
  }

  public WarmUpTimes withStableSince(Optional<Instant> since) {
    return new WarmUpTimes(begin, gates, since);
  }

  /**
   * The wait for one gate.
   *
   * @param kind the field of {@code spec.warmUp} of the gate
   * @param awaitedSince when the wait started
   * @param openSince empty while it is not open
   * @param accuracy the source of the last time
   * @param blocker the last blocker; empty when none was ever seen
   */
  public record GateTimes(
      String kind,
      Instant awaitedSince,
      Optional<Instant> openSince,
      Accuracy accuracy,
      String blocker) {}
}
