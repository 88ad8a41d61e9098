// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.qos.WorkerStatus;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.QueueStats;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The answer of {@code /snapshot}: the state of this replica, as JSON for operators and scripts.
 */
public final class SnapshotView {
  private final Leadership leadership;
  private final BooleanSupplier synced;
  private final WorkerRegistry workers;
  private final KeyedQueue nodes;
  private final RecentEvents recent;
  private final FleetSnapshot fleet;
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  /**
   * @param synced whether the caches are filled
   * @param nodes the queue of nodes
   */
  public SnapshotView(
      Leadership leadership,
      BooleanSupplier synced,
      WorkerRegistry workers,
      KeyedQueue nodes,
      RecentEvents recent,
      FleetSnapshot fleet) {
    this.leadership = leadership;
    this.synced = synced;
    this.workers = workers;
    this.nodes = nodes;
    this.recent = recent;
    this.fleet = fleet;
  }

  public String json() {
    LeadershipStatus status = leadership.status();
    Map<String, Object> snapshot = new LinkedHashMap<>();
    snapshot.put("identity", status.identity());
    snapshot.put("role", status.leading() ? "leader" : "standby");
    snapshot.put("leader", status.holder().orElse(""));
    snapshot.put("epoch", status.epoch());
    snapshot.put("synced", synced.getAsBoolean());
    snapshot.put("lastSync", fleet.lastSync());
    snapshot.put("configVersions", new TreeMap<>(fleet.configVersions()));
    snapshot.put("workers", workers.status().stream().map(SnapshotView::worker).toList());
    snapshot.put("queue", queue(nodes.stats()));
    snapshot.put("nodes", fleet.nodes());
    snapshot.put("frozen", fleet.frozen());
    snapshot.put("waiting", fleet.waiting());
    snapshot.put("pending", fleet.pending());
    snapshot.put("orphanTaints", fleet.orphanTaints());
    snapshot.put("policies", fleet.policies());
    snapshot.put("brakes", fleet.brakes());
    snapshot.put("recentEvents", recent.latest().stream().map(SnapshotView::event).toList());
    return gson.toJson(snapshot) + "\n";
  }

  private static Map<String, Object> worker(WorkerStatus worker) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", worker.name());
    json.put("state", worker.state().name().toLowerCase(Locale.ROOT));
    json.put("healthy", worker.healthy());
    json.put("plans", worker.plans());
    json.put("failures", worker.failures());
    worker.error().ifPresent(error -> json.put("error", error));
    return json;
  }

  private static Map<String, Object> queue(QueueStats stats) {
    Map<String, Object> waiting = new LinkedHashMap<>();
    for (Lane lane : Lane.values()) {
      waiting.put(lane.name().toLowerCase(Locale.ROOT), stats.waiting().get(lane));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("waiting", waiting);
    json.put("delayed", stats.delayed());
    json.put("inFlight", stats.inFlight());
    stats
        .oldestFailing()
        .ifPresent(
            key ->
                json.put(
                    "oldestFailing", Map.of("node", key.key(), "seconds", key.age().toSeconds())));
    return json;
  }

  private static Map<String, Object> event(QosEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", event.at().toString());
    json.put("type", event.type().name());
    json.put("node", event.node().name());
    json.put("policy", event.policy().name());
    json.put("namespace", event.context().namespace());
    json.put("configVersion", event.context().configVersion());
    json.put("epoch", event.context().epoch());
    json.put("traceId", event.context().traceId());
    json.put("message", event.message());
    return json;
  }
}
