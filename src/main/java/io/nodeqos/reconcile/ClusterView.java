// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import java.util.Collection;
import java.util.Optional;

/**
 * The cluster as the caches hold it. Thread-safe; every lookup is O(1), or O(n) in the objects of
 * that one node, and never calls the API.
 */
public interface ClusterView {
  /** True once a complete list has filled every cache. No decision is made before. */
  boolean synced();

  Optional<NodeView> node(String name);

  /** Names of all nodes in the cache, a snapshot. */
  Collection<String> nodeNames();

  /** Number of nodes in the cache. */
  int nodeCount();

  ReservedState reserved(String nodeName);
}
