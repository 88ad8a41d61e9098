// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.sim.virtual.Changes;
import io.nodeqos.sim.virtual.VirtualApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events of all collections that a controller watches. For one thread. */
final class WatchEvents {
  /** From a write until informers and kubelets have its event. */
  static final Duration DELAY = Duration.ofMillis(10);

  private final VirtualApi api;
  private final Map<String, Changes> changes;
  private long seen;

  private WatchEvents(VirtualApi api, Map<String, Changes> changes) {
    this.api = api;
    this.changes = changes;
  }

  /** Those of writes from now on. */
  static WatchEvents of(VirtualApi api) {
    Map<String, Changes> changes = new LinkedHashMap<>();
    CacheFeed.COLLECTIONS.forEach(collection -> changes.put(collection, api.changes(collection)));
    return new WatchEvents(api, changes);
  }

  /** Takes those of the writes since the last call, in the order of the writes. */
  List<Delivery> take(long nowNanos) {
    if (api.version() == seen) {
      return List.of();
    }
    seen = api.version();
    List<Delivery> fresh = new ArrayList<>();
    long at = nowNanos + DELAY.toNanos();
    changes.forEach(
        (collection, from) ->
            from.take().forEach(event -> fresh.add(new Delivery(at, collection, event))));
    fresh.sort(Comparator.comparingLong(delivery -> delivery.event().version()));
    return fresh;
  }
}
