// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;

/** How the work on a key ends whose write did not succeed. */
public record WriteFailure(SyncResult result, Outcome outcome) {

  /**
   * A 404 counts as a failure: of a create, it is the namespace that is missing. Callers for which
   * it means that the object is gone look at that first.
   *
   * @param delays between failures for which the server does not say when to try again
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

  /** False when the write was not even sent. */
  public boolean isFailure() {
    return outcome instanceof Outcome.Failed;
  }
}
