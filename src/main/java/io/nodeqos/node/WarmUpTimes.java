// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Where the time of a warm-up goes.
 *
 * @param begin since when the node keeps tenants off, or waits to be marked
 * @param gates by their names
 * @param calmSince since when all gates have been open, where the policy wants calm after that
 */
public record WarmUpTimes(
    Instant begin, Map<String, GateTimes> gates, Optional<Instant> calmSince) {

  /** How it is known when a gate opened. */
  public enum Accuracy {
    /** This process saw it closed, and then open. */
    OBSERVED,
    /** It was open when this process first looked; the cluster says since when. */
    EVIDENCE,
    /** It was open when this process first looked; it may have been for long. */
    FIRST_SEEN
  }

  public WarmUpTimes calm(Optional<Instant> since) {
    return new WarmUpTimes(begin, gates, since);
  }

  /**
   * When one gate was waited for.
   *
   * @param kind the field of {@code spec.warmUp} that it comes from
   * @param awaitedSince when it was first waited for
   * @param openSince empty while it is not open
   * @param accuracy how the last time is known
   * @param blocker what was waited for last; empty when that was never seen
   */
  public record GateTimes(
      String kind,
      Instant awaitedSince,
      Optional<Instant> openSince,
      Accuracy accuracy,
      String blocker) {}
}
