// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.kube.cache.SpinnerCaches;
import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.images.SpinnerView;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The cluster as the caches of the simulated controller hold it. */
public final class SimulatedCaches implements ClusterView, SpinnerView {
  private final TreeMap<String, NodeView> nodes = new TreeMap<>();
  private final Map<String, Set<String>> csiDrivers = new HashMap<>();
  private final Map<String, ReservedObjects> reserved = new TreeMap<>();
  private final SpinnerCaches spinners = new SpinnerCaches();
  private boolean synced;

  public Map<String, NodeView> nodes() {
    return nodes;
  }

  public Map<String, Set<String>> csiDrivers() {
    return csiDrivers;
  }

  Map<String, ReservedObjects> reservedObjects() {
    return reserved;
  }

  SpinnerCaches spinnerCaches() {
    return spinners;
  }

  /** All present objects are in the caches. */
  void filled() {
    synced = true;
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
    Map<String, NamespaceState> namespaces = new HashMap<>();
    reserved.forEach((name, objects) -> namespaces.put(name, objects.on(nodeName)));
    return new ReservedState(
        namespaces,
        Optional.ofNullable(csiDrivers.get(nodeName)),
        new ImagePulls(spinners.podsOn(nodeName), Optional.empty()));
  }

  @Override
  public Optional<SpinnerDaemonSet> spinner(String daemonSetName) {
    return spinners.daemonSet(daemonSetName);
  }

  @Override
  public Collection<SpinnerDaemonSet> spinners() {
    return spinners.daemonSets();
  }
}
