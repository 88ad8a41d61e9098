// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.time.Duration;

/**
 * When the brake holds a change.
 *
 * @param mostPercent the percentage of a policy's warm nodes that may lose their mark at once, 0 to
 *     100
 * @param window how long a node that lost its mark and has not become warm again counts
 * @param settle how long a node waits before it loses its mark, so that other nodes that are to
 *     lose their mark for the same cause are known
 */
public record BrakeSettings(int mostPercent, Duration window, Duration settle) {
  public static final BrakeSettings DEFAULT =
      new BrakeSettings(20, Duration.ofHours(1), Duration.ofSeconds(5));
}
