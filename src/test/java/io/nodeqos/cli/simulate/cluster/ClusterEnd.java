// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * All that the controller has made, without times and what is added to a write that is made for
 * another reason.
 */
final class ClusterEnd {
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");

  private static final Pattern LENGTH = Pattern.compile("after [\\dms]+");
  private static final Pattern REVISIONS = Pattern.compile("\"revisions\":\\{[^}]*},");
  private static final Set<String> TIMES = Set.of("lastHeartbeatTime", "lastTransitionTime");

  private final VirtualApi api;

  ClusterEnd(VirtualApi api) {
    this.api = api;
  }

  Map<String, String> describe() {
    Map<String, String> end = new TreeMap<>();
    for (String collection : List.of(CacheFeed.NODES, CacheFeed.POLICIES, CacheFeed.DAEMON_SETS)) {
      for (StoredObject object : api.objects(collection)) {
        end.put(
            collection + "/" + object.key().name(),
            normal(object.parse(), describe(collection, object.parse())));
      }
    }
    for (StoredObject policy : api.objects(CacheFeed.POLICIES)) {
      end.put(
          CacheFeed.REVISIONS + " of " + policy.key().name(),
          newestRevision(Json.string(policy.parse(), "metadata", "uid")));
    }
    return end;
  }

  /** A version that was in force while nobody led has no revision. */
  private String newestRevision(String policyUid) {
    return api.objects(CacheFeed.REVISIONS).stream()
        .map(StoredObject::parse)
        .filter(
            r ->
                Json.objects(r, "metadata", "ownerReferences").stream()
                    .anyMatch(owner -> policyUid.equals(Json.string(owner, "uid"))))
        .max(Comparator.comparingLong(r -> Json.number(r, 0, "revision")))
        .map(r -> describe(CacheFeed.REVISIONS, r))
        .orElse("none");
  }

  private static String normal(JsonObject object, String text) {
    String boot = Json.string(object, "status", "nodeInfo", "bootID");
    String normal = text.replace(Json.string(object, "metadata", "uid"), "UID");
    normal = boot.isEmpty() ? normal : normal.replace(boot, "BOOT");
    return LENGTH.matcher(TIME.matcher(normal).replaceAll("T")).replaceAll("after S");
  }

  private static String describe(String collection, JsonObject object) {
    JsonObject metadata = object.getAsJsonObject("metadata");
    Map<String, String> annotations = Json.stringMap(metadata, "annotations");
    // Whether a node has come to the stable revision by a rollout.
    annotations.computeIfPresent(
        Keys.CONFIG, (key, config) -> REVISIONS.matcher(config).replaceAll(""));
    annotations
        .keySet()
        .removeAll(
            Set.of(
                Keys.LEADER_EPOCH,
                Keys.TRACEPARENT,
                Keys.WARMED_UP_AT,
                Keys.CONFIRM,
                Keys.IMAGES_PRESENT));
    JsonObject node = object.getAsJsonObject("status");
    String rest =
        switch (collection) {
          case CacheFeed.NODES ->
              Json.element(object, "spec", "taints")
                  + "\n"
                  + Json.objects(node, "conditions").stream()
                      .filter(c -> Keys.WARMED_UP_CONDITION.equals(Json.string(c, "type")))
                      .map(c -> sorted(c).toString())
                      .toList()
                  + "\n"
                  + own(node, "capacity")
                  + own(node, "allocatable");
          case CacheFeed.POLICIES ->
              Json.strings(metadata, "finalizers") + "\n" + sorted(withoutReport(node));
          case CacheFeed.DAEMON_SETS -> sorted(object.get("spec")).toString();
          default -> sorted(object.get("data")) + " " + object.get("revision");
        };
    return new TreeMap<>(Json.stringMap(metadata, "labels"))
        + "\n"
        + new TreeMap<>(annotations)
        + "\n"
        + rest;
  }

  /** Of a rollout and a brake that are over, counts and sentences say what was. */
  private static JsonObject withoutReport(JsonObject status) {
    JsonObject rest = status.deepCopy();
    rest.remove("brake");
    if (rest.get("rollout") instanceof JsonObject rollout) {
      rollout.keySet().retainAll(Set.of("stable", "target", "phase"));
    }
    return rest;
  }

  private static Map<String, String> own(JsonObject status, String field) {
    Map<String, String> resources = new TreeMap<>(Json.stringMap(status, field));
    resources.keySet().removeIf(key -> !Keys.isOwnResource(key));
    return resources;
  }

  /** The order of fields says nothing. */
  private static JsonElement sorted(JsonElement element) {
    if (element instanceof JsonArray items) {
      JsonArray sorted = new JsonArray();
      items.forEach(item -> sorted.add(sorted(item)));
      return sorted;
    }
    if (!(element instanceof JsonObject object)) {
      return element;
    }
    JsonObject sorted = new JsonObject();
    for (String key : new TreeSet<>(object.keySet())) {
      if (TIMES.contains(key)) {
        continue;
      }
      sorted.add(key, sorted(object.get(key)));
    }
    return sorted;
  }
}
