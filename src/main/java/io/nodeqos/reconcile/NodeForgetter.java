// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import java.time.Instant;

/** Keeps state of each node between two decisions. Thread-safe. */
@FunctionalInterface
public interface NodeForgetter {
  /**
   * The node is gone, or another node was created under its name. Never called concurrently with a
   * decision about the same node; may be called for an unknown node.
   */
  void forget(String node, Instant now);
}
