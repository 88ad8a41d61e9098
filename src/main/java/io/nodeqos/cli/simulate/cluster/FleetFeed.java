// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.sim.fleet.FleetWatch;
import io.nodeqos.sim.fleet.RestoredFleet;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.Map;

/** Feeds a fleet with the objects and the events of an API. For one thread. */
final class FleetFeed {
  private final RestoredFleet fleet;
  private final VirtualApi api;
  private final Map<String, FleetWatch.Handler> handlers;

  private FleetFeed(RestoredFleet fleet, VirtualApi api, Map<String, FleetWatch.Handler> handlers) {
    this.fleet = fleet;
    this.api = api;
    this.handlers = handlers;
  }

  static FleetFeed of(RestoredFleet fleet, VirtualApi api) {
    return new FleetFeed(
        fleet,
        api,
        Map.of(
            CacheFeed.NODES, fleet.nodes(),
            CacheFeed.PODS, fleet.pods(),
            CacheFeed.DAEMON_SETS, fleet.daemonSets()));
  }

  /** The fleet takes over what is there, and starts. */
  void start() {
    StorageAgents agents = StorageAgents.of(api);
    for (StoredObject node : api.objects(CacheFeed.NODES)) {
      fleet.adopt(node.parse(), agents.on(node.key().name()));
    }
    handlers.forEach(
        (collection, handler) ->
            handler.listed(api.objects(collection).stream().map(StoredObject::parse).toList()));
    fleet.start();
  }

  void deliver(Delivery delivery) {
    FleetWatch.Handler handler = handlers.get(delivery.collection());
    if (handler != null) {
      handler.changed(delivery.event().type().name(), delivery.event().object().parse());
    }
  }
}
