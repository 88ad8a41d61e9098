// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import java.time.Duration;

/**
 * Distinguishes a denial by the fence admission policy that is due to a lagging API server, which
 * has not seen our new Lease yet, from a lasting one: a token bound to no pod, or another Lease.
 * Thread-safe.
 */
final class FenceDenials {
  private static final Duration MAX_LAG = Duration.ofSeconds(5);

  /** Longer than the ordinary backoff, with which a lasting denial is repeated. */
  private static final Duration RETENTION = Duration.ofMinutes(5);

  private boolean denied;
  private long firstNanos;
  private long lastNanos;

  /** True while denials may be those of a lagging server; counts this one. */
  synchronized boolean mayBeLag(long nanos) {
    if (!denied || nanos - lastNanos > RETENTION.toNanos()) {
      firstNanos = nanos;
    }
    denied = true;
    lastNanos = nanos;
    return nanos - firstNanos <= MAX_LAG.toNanos();
  }

  /** A write was accepted. */
  synchronized void accepted() {
    denied = false;
  }
}
