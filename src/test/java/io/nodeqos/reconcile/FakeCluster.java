// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The caches of one process: they show what the test lets them see, not what is. */
public final class FakeCluster implements ClusterView {
  private final Map<String, NodeView> nodes = new TreeMap<>();
  private final Map<String, ReservedState> reserved = new HashMap<>();
  private boolean synced = true;
  private Runnable onReserved = () -> {};

  public void show(NodeView node) {
    nodes.put(node.name(), node);
  }

  public void hide(String node) {
    nodes.remove(node);
  }

  public void reserve(String node, ReservedState state) {
    reserved.put(node, state);
  }

  /** Happens whenever the reserved namespaces are asked for. */
  void onReserved(Runnable action) {
    onReserved = action;
  }

  public void synced(boolean value) {
    synced = value;
  }

  @Override
  public boolean synced() {
    return synced;
  }

  @Override
  public Optional<NodeView> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  @Override
  public Collection<String> nodeNames() {
    return List.copyOf(nodes.keySet());
  }

  @Override
  public int nodeCount() {
    return nodes.size();
  }

  @Override
  public ReservedState reserved(String nodeName) {
    onReserved.run();
    return reserved.getOrDefault(nodeName, ReservedFixture.nothing());
  }
}
