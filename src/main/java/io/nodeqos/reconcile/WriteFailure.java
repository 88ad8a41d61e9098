// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;

/** The result of the work on a key after a failed write. */
public record WriteFailure(SyncResult result, Outcome outcome) {

  /**
   * A 404 counts as a failure: for a create, the namespace is missing. A caller for which it means
   * that the object is gone checks for it first.
   *
   * @param delays delays after failures without a Retry-After
   */
  public static WriteFailure of(WriteResult why, RetryDelays delays) {
    if (why instanceof WriteResult.Ok) {
      throw new IllegalArgumentException("the write succeeded");
    }
    if (why instanceof WriteResult.Fenced) {
      return new WriteFailure(SyncResult.NOT_LEADING, Outcome.done());
    }
    if (why instanceof WriteResult.Throttled throttled) {
      return new WriteFailure(SyncResult.THROTTLED, new Outcome.Postponed(throttled.after()));
    }
    if (why instanceof WriteResult.Conflict) {
      return new WriteFailure(SyncResult.CONFLICT, Outcome.failed(delays));
    }
    if (why instanceof WriteResult.Rejected) {
      return new WriteFailure(SyncResult.REJECTED, Outcome.failed(delays));
    }
    return new WriteFailure(
        SyncResult.RETRY,
        why instanceof WriteResult.Retry retry && !retry.retryAfter().isZero()
            ? Outcome.failedUntil(retry.retryAfter())
            : Outcome.failed(delays));
  }

  /** False when the write was not sent. */
  public boolean isFailure() {
    return outcome instanceof Outcome.Failed;
  }
}
