// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.sim.fleet.CsiDrivers;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The CSI drivers of nodes, and the DaemonSets that register them: those with csi in the name. */
final class StorageAgents {
  private final VirtualApi api;
  private final Set<String> names;

  private StorageAgents(VirtualApi api, Set<String> names) {
    this.api = api;
    this.names = names;
  }

  static StorageAgents of(VirtualApi api) {
    return new StorageAgents(
        api,
        api.objects(CacheFeed.DAEMON_SETS).stream()
            .map(daemonSet -> daemonSet.key().name())
            .filter(name -> name.contains("csi"))
            .collect(Collectors.toSet()));
  }

  /** Those that a node has now. */
  CsiDrivers on(String node) {
    return new CsiDrivers(
        api.object(CacheFeed.CSI_NODES, "", node).map(StorageAgents::drivers).orElse(List.of()),
        names);
  }

  private static List<String> drivers(StoredObject csiNode) {
    return FleetJson.objects(csiNode.parse(), "spec", "drivers").stream()
        .map(driver -> FleetJson.text(driver, "name"))
        .toList();
  }
}
