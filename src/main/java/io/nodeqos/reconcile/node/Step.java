// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.queue.Outcome;
import io.nodeqos.reconcile.SyncResult;

/**
 * How a reconcile of a node ended.
 *
 * @param outcome the next step of the queue
 */
record Step(SyncResult result, Outcome outcome) {
  /** The node does not exist. */
  static final Step GONE = new Step(SyncResult.DELETED, Outcome.done());

  /** A standby does not write. */
  static final Step NOT_LEADING = new Step(SyncResult.NOT_LEADING, Outcome.done());
}
