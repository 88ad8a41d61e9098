// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObserver;
import io.nodeqos.cli.simulate.cluster.ControllerWrite;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Records a run: the course of each node, the writes and the events. Not thread-safe. */
final class RunRecord implements ClusterObserver {
  private final Supplier<Instant> now;
  private final Instant start;
  private final Map<String, NodeHistory> nodes = new TreeMap<>();
  private final Map<String, Integer> writes = new TreeMap<>();
  private final List<QosEvent> events = new ArrayList<>();
  private int failedWrites;

  private RunRecord(Supplier<Instant> now, Instant start) {
    this.now = now;
    this.start = start;
  }

  /** From now on, with all present nodes. */
  static RunRecord of(VirtualCluster cluster) {
    RunRecord record = new RunRecord(cluster::now, cluster.now());
    cluster.api().objects(CacheFeed.NODES).forEach(node -> record.node(node.key().name()));
    cluster.observe(record);
    return record;
  }

  private NodeHistory node(String name) {
    return nodes.computeIfAbsent(name, NodeHistory::new);
  }

  @Override
  public void nodeChanged(StoredEvent change) {
    NodeHistory node = node(change.object().key().name());
    if (change.type() == StoredEvent.Type.ADDED) {
      boolean tainted =
          FleetJson.objects(change.object().parse(), "spec", "taints").stream()
              .anyMatch(taint -> StartupTaintPrefixes.DEFAULT.allow(FleetJson.text(taint, "key")));
      node.join(now.get(), tainted);
    } else if (change.type() == StoredEvent.Type.MODIFIED) {
      boolean was = NodeHistory.isWarm(change.before());
      boolean is = NodeHistory.isWarm(change.object());
      if (is && !was) {
        node.warm(now.get());
      } else if (was && !is) {
        node.lostMark();
      }
    }
  }

  @Override
  public void wrote(ControllerWrite write) {
    if (!write.succeeded()) {
      failedWrites++;
      return;
    }
    writes.merge(write.resource(), 1, Integer::sum);
    if (write.isOfNode()) {
      node(write.name()).wrote(now.get(), write.resource().equals(ControllerWrite.NODE_STATUS));
    }
  }

  @Override
  public void published(QosEvent event) {
    events.add(event);
  }

  Instant start() {
    return start;
  }

  /** By name. */
  Collection<NodeHistory> nodes() {
    return nodes.values();
  }

  NodeHistory of(String name) {
    return node(name);
  }

  /** Successful writes by resource. */
  Map<String, Integer> writes() {
    return writes;
  }

  int failedWrites() {
    return failedWrites;
  }

  List<QosEvent> events() {
    return events;
  }

  int marksLost() {
    return nodes.values().stream().mapToInt(NodeHistory::marksLost).sum();
  }
}
