// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.reconcile.NodeForgetter;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes of which this process keeps state. All state of a node is dropped at once when the node
 * is deleted. Thread-safe; one thread at a time may call it for one node.
 */
public final class KnownNodes {
  private final List<NodeForgetter> forgetters;
  private final TimeSource time;
  private final Map<String, String> uids = new ConcurrentHashMap<>();

  /**
   * @param forgetters all components that keep state of nodes
   */
  public KnownNodes(List<NodeForgetter> forgetters, TimeSource time) {
    this.forgetters = List.copyOf(forgetters);
    this.time = time;
  }

  /** A node that was created again under its name is new; its deletion may not have been seen. */
  void recognise(NodeView.Meta node) {
    String known = uids.put(node.name(), node.uid());
    if (known != null && !known.equals(node.uid())) {
      forgetAll(node.name());
    }
  }

  void forget(String node) {
    uids.remove(node);
    forgetAll(node);
  }

  private void forgetAll(String node) {
    Instant now = time.steadyTime();
    forgetters.forEach(forgetter -> forgetter.forget(node, now));
  }
}
