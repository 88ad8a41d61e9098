// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The persons and programs that write policies, and which version of each must be in force. */
final class PolicyAuthors {
  private static final String NEVER_VALID = "999999999999h";

  private VirtualApi api;
  private final Map<String, List<JsonObject>> specs = new HashMap<>();

  /** By uid: the last valid spec of a policy whose present one is invalid. */
  private final Map<String, JsonObject> lastValid = new HashMap<>();

  /** Deleted policies that may have left their state on nodes. */
  private final Set<String> left = new TreeSet<>();

  PolicyAuthors(VirtualApi api) {
    this.api = api;
  }

  /** The same objects are in another API from now on. */
  void moveTo(VirtualApi other) {
    api = other;
  }

  Map<String, JsonObject> lastValid() {
    return Map.copyOf(lastValid);
  }

  Optional<JsonObject> policy(String name) {
    return api.object(CacheFeed.POLICIES, "", name)
        .map(StoredObject::parse)
        .filter(PolicyAuthors::stays);
  }

  private static boolean stays(JsonObject policy) {
    return !policy.getAsJsonObject("metadata").has("deletionTimestamp");
  }

  List<JsonObject> policies() {
    return api.objects(CacheFeed.POLICIES).stream()
        .map(StoredObject::parse)
        .filter(PolicyAuthors::stays)
        .toList();
  }

  /**
   * Those of which the controller has not reported the present version, or not let go, though no
   * person has to allow that.
   */
  List<JsonObject> waiting() {
    return api.objects(CacheFeed.POLICIES).stream()
        .map(StoredObject::parse)
        .filter(policy -> !isObserved(policy) || !stays(policy) && !isHeldByBrake(policy))
        .toList();
  }

  /** Policies that were deleted and are still there. */
  List<JsonObject> deleted() {
    return api.objects(CacheFeed.POLICIES).stream()
        .map(StoredObject::parse)
        .filter(policy -> !stays(policy))
        .toList();
  }

  private static boolean isHeldByBrake(JsonObject policy) {
    String token = brakeToken(policy);
    return !token.isEmpty()
        && !token.equals(FleetJson.text(policy, "metadata", "annotations", Keys.CONFIRM));
  }

  private static String brakeToken(JsonObject policy) {
    return FleetJson.text(policy, "status", "brake", "token");
  }

  private static boolean isObserved(JsonObject policy) {
    return FleetJson.text(policy, "metadata", "generation")
        .equals(FleetJson.text(policy, "status", "observedGeneration"));
  }

  void apply(String name, JsonObject spec) {
    Optional<JsonObject> there = policy(name);
    boolean isDone;
    if (there.isPresent()) {
      there.get().add("spec", spec.deepCopy());
      isDone = api.update(path(name), there.get()).ok();
    } else {
      JsonObject policy =
          JsonParser.parseString(
                  "{'apiVersion': 'nodeqos.io/v1alpha1', 'kind': 'NodeQoSPolicy', 'metadata': {'name': '"
                      + name
                      + "'}}")
              .getAsJsonObject();
      policy.add("spec", spec.deepCopy());
      isDone = api.create(CacheFeed.POLICIES, policy).ok();
    }
    if (isDone) {
      JsonObject now = policy(name).orElseThrow();
      lastValid.remove(FleetJson.text(now, "metadata", "uid"));
      specs.computeIfAbsent(name, any -> new ArrayList<>()).add(now.getAsJsonObject("spec"));
    }
  }

  /** The API server lets this through: only the controller knows that no such time can be held. */
  void makeInvalid(String name) {
    policy(name)
        .ifPresent(
            policy -> {
              JsonObject spec = policy.getAsJsonObject("spec");
              JsonObject valid = spec.deepCopy();
              JsonObject warmUp =
                  spec.has("warmUp") ? spec.getAsJsonObject("warmUp") : new JsonObject();
              warmUp.addProperty("stableFor", NEVER_VALID);
              spec.add("warmUp", warmUp);
              spec.addProperty("priority", 7);
              if (api.update(path(name), policy).ok()) {
                lastValid.putIfAbsent(FleetJson.text(policy, "metadata", "uid"), valid);
              }
            });
  }

  void goBack(String name) {
    List<JsonObject> all = specs.getOrDefault(name, List.of());
    if (all.size() > 1 && policy(name).isPresent()) {
      apply(name, all.get(all.size() - 2));
    }
  }

  private JsonObject inForce(JsonObject policy) {
    return lastValid.getOrDefault(
        FleetJson.text(policy, "metadata", "uid"), policy.getAsJsonObject("spec"));
  }

  void replace(String name) {
    policy(name)
        .ifPresent(
            policy -> {
              delete(name);
              apply(name, inForce(policy));
            });
  }

  void delete(String name) {
    policy(name)
        .ifPresent(
            policy -> {
              JsonObject inForce = inForce(policy);
              if (!FleetJson.text(inForce, "deletionPolicy").equals("Remove")) {
                left.add(name);
              }
              api.delete(path(name));
            });
  }

  /** Allows all that waits for a person, also of policies that are being deleted. */
  void allow() {
    for (StoredObject stored : api.objects(CacheFeed.POLICIES)) {
      JsonObject policy = stored.parse();
      JsonObject notes = permissions(policy);
      if (notes.size() > 0) {
        JsonObject metadata = new JsonObject();
        metadata.add("annotations", notes);
        JsonObject patch = new JsonObject();
        patch.add("metadata", metadata);
        api.patch(path(stored.key().name()), PatchType.MERGE, patch);
      }
    }
  }

  private static JsonObject permissions(JsonObject policy) {
    JsonObject notes = new JsonObject();
    String token = brakeToken(policy);
    if (!token.isEmpty()) {
      notes.addProperty(Keys.CONFIRM, token);
    }
    String target = FleetJson.text(policy, "status", "rollout", "target");
    String step = FleetJson.text(policy, "status", "rollout", "step");
    String request =
        switch (FleetJson.text(policy, "status", "rollout", "phase")) {
          case "RolledBack" -> "retry=" + target;
          case "Paused" -> "promote=" + target + "/" + step;
          default -> "";
        };
    if (request.isEmpty()) {
      return notes;
    }
    if (request.equals(FleetJson.text(policy, "status", "rollout", "handled"))) {
      // The controller counts a request once: to ask again is to take it back first.
      notes.add(Keys.ROLLOUT, JsonNull.INSTANCE);
    } else {
      notes.addProperty(Keys.ROLLOUT, request);
    }
    return notes;
  }

  /** From now on no policy freezes nodes, or waits for a person to resume it. */
  void mend() {
    for (JsonObject policy : policies()) {
      JsonObject spec = inForce(policy).deepCopy();
      JsonObject before = spec.deepCopy();
      resume(spec, "suspend");
      if (spec.has("rollout")) {
        resume(spec.getAsJsonObject("rollout"), "paused");
      }
      if (!spec.equals(before)) {
        apply(FleetJson.name(policy), spec);
      }
    }
  }

  private static void resume(JsonObject of, String field) {
    if (FleetJson.text(of, field).equals("true")) {
      of.addProperty(field, false);
    }
  }

  /** Creates the policies again that were deleted and have left their state. */
  void bringBack() {
    for (String name : left) {
      List<JsonObject> all = specs.get(name);
      if (policy(name).isEmpty()) {
        apply(name, all.get(all.size() - 1));
      }
    }
    left.clear();
  }

  private static String path(String name) {
    return CacheFeed.POLICIES + "/" + name;
  }
}
