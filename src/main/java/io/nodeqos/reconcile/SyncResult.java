// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.telemetry.tracing.WorkTrace;

/** How a reconcile ended. */
public enum SyncResult {
  /** The node was up to date. */
  UNCHANGED(WorkTrace.UNCHANGED),
  WRITTEN("written"),
  /** The object is gone. */
  DELETED("deleted"),
  NOT_LEADING("not_leading"),
  /** The caches are not filled yet. */
  NOT_SYNCED("not_synced"),
  /** The cache does not hold our last write yet. */
  CACHE_BEHIND("cache_behind"),
  /** It is too early to decide or to write. */
  TOO_EARLY("too_early"),
  /** The same change was written repeatedly: the next write waits. */
  DAMPED("damped"),
  /** This process has reached its write rate limit. */
  THROTTLED("throttled"),
  /** Another writer was faster. */
  CONFLICT("conflict"),
  /** The write failed with a temporary error. */
  RETRY("retry"),
  /** The API server refuses the write. */
  REJECTED("rejected");

  private final String code;

  SyncResult(String code) {
    this.code = code;
  }

  /** The value of a metric's label and of a span's attribute. */
  public String code() {
    return code;
  }
}
