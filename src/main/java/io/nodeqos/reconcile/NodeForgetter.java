// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.time.Instant;

/** Keeps something of each node between two decisions. Thread-safe. */
@FunctionalInterface
public interface NodeForgetter {
  /**
   * The node is gone, or another one was created under its name. Called in turn with the decisions
   * about the same node; may be called for a node that is not known.
   */
  void forget(String node, Instant now);
}
