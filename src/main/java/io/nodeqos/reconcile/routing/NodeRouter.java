// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.routing;

import io.nodeqos.node.NodeView;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.util.Optional;

/** Queues the nodes that an event concerns. O(1) for each event. */
public final class NodeRouter implements ClusterListener {
  private final KeyedQueue nodes;
  private final KeyedQueue fanOut;
  private final FleetIndex fleet;
  private final Tracing tracing;

  /**
   * @param nodes keys are names of nodes
   * @param fanOut keys are those of {@link FanOut}
   */
  public NodeRouter(KeyedQueue nodes, KeyedQueue fanOut, FleetIndex fleet, Tracing tracing) {
    this.nodes = nodes;
    this.fanOut = fanOut;
    this.fleet = fleet;
    this.tracing = tracing;
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    enqueue(now.name(), trigger(TriggerKind.NODE, now.name(), ""));
  }

  @Override
  public void nodeDeleted(String name) {
    nodes.add(name, Lane.CHANGE, trigger(TriggerKind.NODE, name, ""));
  }

  @Override
  public void podChanged(String nodeName, String namespace) {
    enqueue(nodeName, trigger(TriggerKind.POD, nodeName, namespace));
  }

  @Override
  public void csiNodeChanged(String nodeName) {
    enqueue(nodeName, trigger(TriggerKind.CSI_NODE, nodeName, ""));
  }

  @Override
  public void reservedNamespaceChanged(String namespace) {
    fanOut.add(
        FanOut.namespace(namespace),
        Lane.CHANGE,
        trigger(TriggerKind.NAMESPACE, namespace, namespace));
  }

  private Trigger trigger(TriggerKind kind, String name, String namespace) {
    return new Trigger(kind, namespace, tracing.event(kind, name, namespace));
  }

  /** A new or waiting node comes before one that works already. */
  private void enqueue(String node, Trigger trigger) {
    nodes.add(node, fleet.isBlocked(node) ? Lane.URGENT : Lane.CHANGE, trigger);
  }
}
