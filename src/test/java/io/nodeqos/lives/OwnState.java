// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that the controller has written, without times, the term of the leader, and history: of a
 * rollout only its end, of the stored versions only the newest.
 */
final class OwnState {
  /** Times, and records that ride along with another write: which one there was is history. */
  private static final Set<String> PASSING =
      Set.of(
          Keys.WARMED_UP_AT,
          Keys.IMAGES_PRESENT,
          Keys.LEADER_EPOCH,
          Keys.TRACEPARENT,
          Keys.TRACEPARENT_DRAFT,
          Keys.WARMING_UP_SINCE,
          Keys.WARMING_UP_FOR);

  static final String TAINTS = "taints of ";
  static final String CONDITION = "condition of ";
  private static final List<String> OF_ROLLOUT = List.of("phase", "stable", "target");

  private OwnState() {}

  /**
   * @param namespace of the controller
   * @param invalid uids of policies of which a former version is in force: their conditions say so
   */
  static Map<String, String> of(VirtualApi api, String namespace, Set<String> invalid) {
    Map<String, String> all = new TreeMap<>();
    Map<String, JsonObject> policies = new HashMap<>();
    parsed(api, CacheFeed.POLICIES).forEach(p -> policies.put(FleetJson.name(p), p));
    for (JsonObject node : parsed(api, CacheFeed.NODES)) {
      node(node, policies).forEach((part, text) -> all.put(part + FleetJson.name(node), text));
    }
    for (JsonObject policy : parsed(api, CacheFeed.POLICIES)) {
      String name = FleetJson.name(policy);
      all.put("policy " + name, policy(policy, invalid));
      newest(api, name, FleetJson.text(policy, "metadata", "uid"))
          .ifPresent(r -> all.put("version of " + name, r));
    }
    for (JsonObject daemonSet : parsed(api, CacheFeed.DAEMON_SETS)) {
      if (FleetJson.text(daemonSet, "metadata", "namespace").equals(namespace)) {
        all.put("spinner " + FleetJson.name(daemonSet), sorted(daemonSet.get("spec")).toString());
      }
    }
    return all;
  }

  private static List<JsonObject> parsed(VirtualApi api, String collection) {
    return api.objects(collection).stream().map(StoredObject::parse).toList();
  }

  private static Map<String, String> node(JsonObject node, Map<String, JsonObject> policies) {
    Map<String, String> labels = new TreeMap<>(FleetJson.strings(node, "metadata", "labels"));
    labels.keySet().retainAll(Keys.OWN_LABELS);
    Map<String, String> notes = new TreeMap<>(FleetJson.strings(node, "metadata", "annotations"));
    notes.keySet().retainAll(Keys.OWN_ANNOTATIONS);
    notes.keySet().removeAll(PASSING);
    if (!labels.containsKey(Keys.WARMED_UP)) {
      // Of an earlier mark.
      notes.remove(Keys.WARMED_UP_FOR);
    }
    notes.computeIfPresent(Keys.CONFIG, (key, config) -> withoutStable(config, policies));
    JsonObject condition = FleetJson.condition(node, Keys.WARMED_UP_CONDITION);
    return Map.of(
        "labels of ",
        labels.toString(),
        "annotations of ",
        notes.toString(),
        TAINTS,
        FleetJson.objects(node, "spec", "taints").stream()
            .map(taint -> FleetJson.text(taint, "key"))
            .sorted()
            .toList()
            .toString(),
        CONDITION,
        condition(condition),
        "resources of ",
        resources(node, "capacity") + " " + resources(node, "allocatable"));
  }

  /** A warm node says how it became warm: by open gates, or by a timeout. That is history. */
  private static String condition(JsonObject condition) {
    String state = FleetJson.text(condition, "status") + " " + FleetJson.text(condition, "reason");
    return FleetJson.text(condition, "status").equals("True")
        ? state
        : state + " " + FleetJson.text(condition, "message");
  }

  /**
   * A node keeps the record of its move to what is the stable revision now: it costs no write. Null
   * when there is an annotation for the sake of that record alone.
   */
  private static String withoutStable(String config, Map<String, JsonObject> policies) {
    JsonObject json = JsonParser.parseString(config).getAsJsonObject();
    if (json.get("revisions") instanceof JsonObject revisions) {
      policies.forEach(
          (name, policy) -> {
            String stable = FleetJson.text(policy, "status", "rollout", "stable");
            if (FleetJson.text(revisions, name).equals(stable)) {
              revisions.remove(name);
            }
          });
      if (revisions.size() == 0) {
        json.remove("revisions");
        if (json.keySet().equals(Set.of("sources"))
            && json.getAsJsonObject("sources").asMap().entrySet().stream()
                .allMatch(s -> s.getKey().equals("warmUp") && keeps(policies, s.getValue()))) {
          return null;
        }
      }
    }
    return sorted(json).toString();
  }

  private static boolean keeps(Map<String, JsonObject> policies, JsonElement name) {
    JsonObject policy = policies.getOrDefault(name.getAsString(), new JsonObject());
    return FleetJson.text(policy, "spec", "deletionPolicy").equals("Keep");
  }

  private static Map<String, String> resources(JsonObject node, String amounts) {
    Map<String, String> own = new TreeMap<>(FleetJson.strings(node, "status", amounts));
    own.keySet().removeIf(resource -> !Keys.isOwnResource(resource));
    return own;
  }

  private static String policy(JsonObject policy, Set<String> invalid) {
    JsonObject status = policy.has("status") ? policy.getAsJsonObject("status") : new JsonObject();
    if (invalid.contains(FleetJson.text(policy, "metadata", "uid"))) {
      status.remove("conditions");
    }
    if (status.get("conditions") instanceof JsonArray conditions) {
      conditions.forEach(c -> c.getAsJsonObject().remove("lastTransitionTime"));
    }
    if (status.has("rollout")) {
      JsonObject end = new JsonObject();
      JsonObject rollout = status.getAsJsonObject("rollout");
      OF_ROLLOUT.stream().filter(rollout::has).forEach(f -> end.add(f, rollout.get(f)));
      status.add("rollout", end);
    }
    JsonObject metadata = policy.getAsJsonObject("metadata");
    return (metadata.has("deletionTimestamp") ? "deleting " : "")
        + (metadata.has("finalizers") ? metadata.get("finalizers") : new JsonArray())
        + "\n    "
        + sorted(status);
  }

  /** Another order of the fields is no other state. */
  private static JsonElement sorted(JsonElement json) {
    if (json == null) {
      return JsonNull.INSTANCE;
    }
    if (!(json instanceof JsonObject object)) {
      return json;
    }
    JsonObject sorted = new JsonObject();
    new TreeMap<>(object.asMap()).forEach((key, value) -> sorted.add(key, sorted(value)));
    return sorted;
  }

  /**
   * The newest stored version, and whether it was completed: an earlier one with the same sections
   * and nodes says so, too.
   */
  private static Optional<String> newest(VirtualApi api, String policy, String uid) {
    List<JsonObject> all =
        parsed(api, CacheFeed.REVISIONS).stream()
            .filter(r -> policy.equals(label(r, Keys.REVISION_OF)))
            .filter(r -> uid.equals(FleetJson.text(owner(r), "uid")))
            .sorted(Comparator.comparingLong(r -> r.get("revision").getAsLong()))
            .toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    JsonObject newest = spec(all.get(all.size() - 1));
    boolean isCompleted =
        all.stream()
            .filter(r -> label(r, Keys.COMPLETED).equals("true"))
            .map(OwnState::spec)
            .anyMatch(spec -> followed(spec).equals(followed(newest)));
    return Optional.of(isCompleted + " " + sorted(newest));
  }

  private static JsonObject spec(JsonObject revision) {
    return revision.getAsJsonObject("data").getAsJsonObject("spec");
  }

  /** The part of a spec that reaches nodes in steps. */
  private static List<Object> followed(JsonObject spec) {
    return List.of(PolicyRevision.sectionsHash(spec), sorted(spec.get("nodeSelector")));
  }

  private static JsonObject owner(JsonObject revision) {
    List<JsonObject> owners = FleetJson.objects(revision, "metadata", "ownerReferences");
    return owners.isEmpty() ? new JsonObject() : owners.get(0);
  }

  private static String label(JsonObject object, String key) {
    return FleetJson.strings(object, "metadata", "labels").getOrDefault(key, "");
  }
}
