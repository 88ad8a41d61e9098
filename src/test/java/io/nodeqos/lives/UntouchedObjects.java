// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of a cluster as they were if no controller had ever run. */
final class UntouchedObjects {
  private final String namespace;
  private final Map<String, JsonObject> lastValid;

  /**
   * @param namespace of the controller
   * @param lastValid by uid: the spec that an invalid policy had before
   */
  UntouchedObjects(String namespace, Map<String, JsonObject> lastValid) {
    this.namespace = namespace;
    this.lastValid = lastValid;
  }

  ClusterObjects of(ClusterObjects objects) {
    Map<String, List<JsonObject>> all = new LinkedHashMap<>();
    objects
        .collections()
        .forEach(
            (collection, list) ->
                all.put(
                    collection,
                    list.stream()
                        .map(JsonObject::deepCopy)
                        .flatMap(o -> untouched(collection, o).stream())
                        .toList()));
    all.put(CacheFeed.REVISIONS, List.of());
    return new ClusterObjects(objects.at(), all);
  }

  private Optional<JsonObject> untouched(String collection, JsonObject object) {
    return switch (collection) {
      case CacheFeed.NODES -> Optional.of(node(object));
      case CacheFeed.POLICIES -> Optional.of(policy(object));
      case CacheFeed.DAEMON_SETS, CacheFeed.PODS ->
          Optional.of(object)
              .filter(o -> !FleetJson.text(o, "metadata", "namespace").equals(namespace));
      default -> Optional.of(object);
    };
  }

  private static JsonObject node(JsonObject node) {
    JsonObject metadata = node.getAsJsonObject("metadata");
    Keys.OWN_LABELS.forEach(key -> part(metadata, "labels").remove(key));
    Keys.OWN_ANNOTATIONS.forEach(key -> part(metadata, "annotations").remove(key));
    JsonObject status = node.getAsJsonObject("status");
    for (String amounts : List.of("capacity", "allocatable")) {
      List.copyOf(part(status, amounts).keySet()).stream()
          .filter(Keys::isOwnResource)
          .forEach(resource -> part(status, amounts).remove(resource));
    }
    JsonArray conditions = new JsonArray();
    for (JsonElement condition : status.getAsJsonArray("conditions")) {
      if (!FleetJson.text(condition.getAsJsonObject(), "type").equals(Keys.WARMED_UP_CONDITION)) {
        conditions.add(condition);
      }
    }
    status.add("conditions", conditions);
    return node;
  }

  private JsonObject policy(JsonObject policy) {
    policy.remove("status");
    JsonObject metadata = policy.getAsJsonObject("metadata");
    metadata.remove("finalizers");
    // Answers of persons to what the controller has reported.
    metadata.remove("annotations");
    JsonObject valid = lastValid.get(FleetJson.text(policy, "metadata", "uid"));
    if (valid != null) {
      policy.add("spec", valid.deepCopy());
    }
    return policy;
  }

  private static JsonObject part(JsonObject of, String name) {
    if (!of.has(name)) {
      of.add(name, new JsonObject());
    }
    return of.getAsJsonObject(name);
  }
}
