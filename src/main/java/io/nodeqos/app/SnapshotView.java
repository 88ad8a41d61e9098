// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.qos.WorkerStatus;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.QueueStats;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The answer of {@code /snapshot}: what this replica knows, as JSON for people and scripts. */
final class SnapshotView {
  private static final int MAX_WAITING = 20;

  private final Parts parts;
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  SnapshotView(Parts parts) {
    this.parts = parts;
  }

  String json() {
    LeadershipStatus leadership = parts.leadership().status();
    FleetIndex fleet = parts.fleet();
    Map<String, Object> snapshot = new LinkedHashMap<>();
    snapshot.put("identity", leadership.identity());
    snapshot.put("role", leadership.leading() ? "leader" : "standby");
    snapshot.put("leader", leadership.holder().orElse(""));
    snapshot.put("epoch", leadership.epoch());
    snapshot.put("synced", parts.cluster().synced());
    snapshot.put("lastSync", fleet.lastSync().map(this::wall).orElse(""));
    snapshot.put("configVersions", new TreeMap<>(fleet.configVersions()));
    snapshot.put("workers", parts.workers().status().stream().map(SnapshotView::worker).toList());
    snapshot.put("queue", queue(parts.work().queues().nodes().stats()));
    Map<String, Object> phases = new LinkedHashMap<>();
    fleet.phases().forEach((phase, count) -> phases.put(phase.label(), count));
    snapshot.put("nodes", phases);
    snapshot.put("frozen", frozen());
    snapshot.put("waiting", fleet.waiting(MAX_WAITING).stream().map(this::waiting).toList());
    snapshot.put("orphanTaints", fleet.orphans(MAX_WAITING).stream().map(this::orphan).toList());
    snapshot.put("policies", policies());
    snapshot.put(
        "brakes", parts.work().brake().episodes().stream().map(SnapshotView::brake).toList());
    snapshot.put(
        "recentEvents",
        parts.events().recent().latest().stream().map(SnapshotView::event).toList());
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

  private Map<String, Object> waiting(FleetIndex.WaitingNode node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", node.node());
    json.put("since", wall(node.since()));
    json.put("reason", node.reason());
    json.put("message", node.message());
    return json;
  }

  private List<Map<String, Object>> frozen() {
    return parts.fleet().frozen().entrySet().stream()
        .map(
            entry -> {
              Freeze freeze = entry.getKey();
              Map<NodePhase, Integer> phases = entry.getValue();
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("reason", freeze.cause().code());
              json.put("policy", freeze.policy());
              json.put(
                  "since",
                  parts
                      .policies()
                      .entry(freeze.policy())
                      .flatMap(policy -> PolicyReconciler.suspendedSince(policy.latest()))
                      .map(Object::toString)
                      .orElse(""));
              json.put("nodes", phases.values().stream().mapToInt(Integer::intValue).sum());
              json.put("warm", phases.getOrDefault(NodePhase.WARM, 0));
              return json;
            })
        .toList();
  }

  private static Map<String, Object> brake(Brake.Episode episode) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("policy", episode.policy());
    json.put("since", episode.since().toString());
    json.put("token", episode.token());
    json.put("confirmed", episode.confirmed());
    json.put("due", episode.counts().due());
    json.put("threatened", episode.counts().threatened());
    json.put("warm", episode.counts().warm());
    json.put("nodes", episode.counts().examples());
    return json;
  }

  private Map<String, Object> orphan(FleetIndex.OrphanNode node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", node.node());
    json.put("since", wall(node.since()));
    json.put("taints", node.taints());
    return json;
  }

  private String wall(Instant at) {
    return parts.time().wallTime(at).toString();
  }

  private List<Map<String, Object>> policies() {
    return parts.policies().names().stream()
        .sorted()
        .flatMap(name -> parts.policies().entry(name).stream())
        .map(
            entry -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("name", entry.latest().name());
              json.put("generation", entry.latest().meta().generation());
              json.put("valid", entry.problems().isEmpty());
              if (!entry.problems().isEmpty()) {
                json.put("problems", entry.problems());
              }
              return json;
            })
        .toList();
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
