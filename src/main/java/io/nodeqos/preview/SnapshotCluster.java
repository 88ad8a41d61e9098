// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.images.SpinnerView;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A snapshot, indexed as the caches of a running controller are. Immutable. */
public final class SnapshotCluster implements ClusterView, SpinnerView {
  private final ClusterSnapshot snapshot;
  private final Map<String, NodeView> nodes;
  private final Map<String, Map<String, List<PodView>>> reservedPods;
  private final Map<String, SpinnerDaemonSet> spinners;
  private final Map<String, List<SpinnerPod>> spinnerPods;

  private SnapshotCluster(
      ClusterSnapshot snapshot,
      Map<String, NodeView> nodes,
      Map<String, Map<String, List<PodView>>> reservedPods,
      Map<String, SpinnerDaemonSet> spinners,
      Map<String, List<SpinnerPod>> spinnerPods) {
    this.snapshot = snapshot;
    this.nodes = nodes;
    this.reservedPods = reservedPods;
    this.spinners = spinners;
    this.spinnerPods = spinnerPods;
  }

  /** O(objects). */
  public static SnapshotCluster of(ClusterSnapshot snapshot) {
    Map<String, Map<String, List<PodView>>> reservedPods = new HashMap<>();
    snapshot
        .reserved()
        .forEach(
            (name, namespace) ->
                reservedPods.put(
                    name,
                    namespace.pods().stream().collect(Collectors.groupingBy(PodView::nodeName))));
    return new SnapshotCluster(
        snapshot,
        snapshot.nodes().stream().collect(Collectors.toMap(NodeView::name, Function.identity())),
        reservedPods,
        snapshot.spinners().daemonSets().stream()
            .collect(Collectors.toMap(SpinnerDaemonSet::name, Function.identity())),
        snapshot.spinners().pods().stream().collect(Collectors.groupingBy(SpinnerPod::nodeName)));
  }

  @Override
  public boolean synced() {
    return true;
  }

  @Override
  public Optional<NodeView> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  @Override
  public Collection<String> nodeNames() {
    return nodes.keySet();
  }

  @Override
  public int nodeCount() {
    return nodes.size();
  }

  @Override
  public ReservedState reserved(String nodeName) {
    Map<String, NamespaceState> namespaces = new HashMap<>();
    snapshot
        .reserved()
        .forEach(
            (name, namespace) ->
                namespaces.put(
                    name,
                    new NamespaceState(
                        namespace.readable(),
                        reservedPods.get(name).getOrDefault(nodeName, List.of()),
                        namespace.daemonSets())));
    return new ReservedState(
        namespaces,
        Optional.ofNullable(snapshot.csiDrivers().get(nodeName)),
        new ImagePulls(spinnerPods.getOrDefault(nodeName, List.of()), Optional.empty()));
  }

  @Override
  public Optional<SpinnerDaemonSet> spinner(String daemonSetName) {
    return Optional.ofNullable(spinners.get(daemonSetName));
  }

  @Override
  public Collection<SpinnerDaemonSet> spinners() {
    return spinners.values();
  }
}
