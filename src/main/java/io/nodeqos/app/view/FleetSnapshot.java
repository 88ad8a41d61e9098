// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of {@code /snapshot} about all nodes and policies. */
public final class FleetSnapshot {
  private static final int MAX_WAITING = 20;

  private final FleetIndex fleet;
  private final PolicyCatalog policies;
  private final Brake brake;
  private final TimeSource time;

  public FleetSnapshot(FleetIndex fleet, PolicyCatalog policies, Brake brake, TimeSource time) {
    this.fleet = fleet;
    this.policies = policies;
    this.brake = brake;
    this.time = time;
  }

  Instant now() {
    return time.wallTime();
  }

  /** Empty before the first reconcile. */
  String lastSync() {
    return fleet.lastSync().map(this::wall).orElse("");
  }

  Map<String, Integer> configVersions() {
    return fleet.configVersions();
  }

  Map<String, Object> nodes() {
    Map<String, Object> phases = new LinkedHashMap<>();
    fleet.phases().forEach((phase, count) -> phases.put(phase.label(), count));
    return phases;
  }

  List<Map<String, Object>> waiting() {
    return fleet.waiting(MAX_WAITING).stream().map(this::waiting).toList();
  }

  List<Map<String, Object>> pending() {
    return fleet.pending(MAX_WAITING).stream().map(this::waiting).toList();
  }

  List<Map<String, Object>> orphanTaints() {
    return fleet.orphans(MAX_WAITING).stream().map(this::orphan).toList();
  }

  List<Map<String, Object>> brakes() {
    return brake.episodes().stream().map(FleetSnapshot::brake).toList();
  }

  List<Map<String, Object>> frozen() {
    return fleet.frozen().entrySet().stream()
        .map(
            entry -> {
              Freeze freeze = entry.getKey();
              Map<NodePhase, Integer> phases = entry.getValue();
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("reason", freeze.cause().code());
              json.put("policy", freeze.policy());
              json.put(
                  "since",
                  policies
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

  List<Map<String, Object>> policies() {
    return policies.names().stream()
        .sorted()
        .flatMap(name -> policies.entry(name).stream())
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

  private Map<String, Object> waiting(FleetIndex.WaitingNode node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", node.node());
    json.put("since", wall(node.since()));
    json.put("reason", node.reason());
    json.put("message", node.message());
    return json;
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
    return time.wallTime(at).toString();
  }
}
