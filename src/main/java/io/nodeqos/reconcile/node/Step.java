// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.queue.Outcome;
import io.nodeqos.reconcile.SyncResult;

/**
 * How a reconcile of a node ended.
 *
 * @param outcome what the queue shall do
 */
record Step(SyncResult result, Outcome outcome) {
  /** There is no such node. */
  static final Step GONE = new Step(SyncResult.DELETED, Outcome.done());

  /** Nothing is written by a standby. */
  static final Step NOT_LEADING = new Step(SyncResult.NOT_LEADING, Outcome.done());
}
