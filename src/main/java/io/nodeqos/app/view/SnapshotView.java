// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.events.QosEvent;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.qos.WorkerStatus;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.QueueStats;
import io.nodeqos.text.Column;
import io.nodeqos.text.FleetText;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The answer of {@code /snapshot}: the state of this replica, as JSON for scripts and as text for
 * operators.
 */
public final class SnapshotView implements Endpoint {
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

  @Override
  public Response answer(Request request) {
    return Rendering.isText(request) ? Rendering.text(request, this::lines) : Response.json(json());
  }

  private List<String> lines(TextFormat format) {
    LeadershipStatus status = leadership.status();
    Table facts = Table.of(Column.of(""), Column.of(""));
    facts.row("replica", status.identity() + (status.leading() ? ", the leader" : ", a standby"));
    facts.row("leader", status.holder().orElse("none"));
    facts.row("epoch", Long.toString(status.epoch()));
    facts.row(
        "renewed",
        status.lastRenew().map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-"));
    List<String> lines = new ArrayList<>(facts.lines(format));
    lines.addAll(
        FleetText.lines(JsonParser.parseString(json()).getAsJsonObject(), fleet.now(), format));
    return lines;
  }

  private String json() {
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
