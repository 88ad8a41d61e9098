// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.telemetry.tracing.WorkTrace;

/** How a reconcile ended. */
public enum SyncResult {
  /** Everything was in place. */
  UNCHANGED(WorkTrace.UNCHANGED),
  WRITTEN("written"),
  /** The object is gone. */
  DELETED("deleted"),
  NOT_LEADING("not_leading"),
  /** The caches are not filled yet. */
  NOT_SYNCED("not_synced"),
  /** The cache does not show our own last write yet. */
  CACHE_BEHIND("cache_behind"),
  /** It is not time yet to decide or to write. */
  TOO_EARLY("too_early"),
  /** The same was written again and again: the next write waits. */
  DAMPED("damped"),
  /** This process keeps to its write rate. */
  THROTTLED("throttled"),
  /** Another writer was faster. */
  CONFLICT("conflict"),
  /** The write failed, which may pass. */
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
