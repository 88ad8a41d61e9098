// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All places that the controller writes to, with the values that they have in an undisturbed story:
 * for a moment of it, each of them is an old or a future value of another one.
 */
final class WrittenPlaces {
  private static final int HUGE = 100_000;
  private static final int HUGE_LABEL = 63;
  private static final List<String> CONDITION =
      List.of("status", "reason", "message", "lastTransitionTime", "lastHeartbeatTime");

  /** Not ours with these settings and without our own record beside it. */
  private static final Set<String> OF_OTHERS =
      Set.of(Keys.KOORDINATOR_RESERVATION, Keys.TRACEPARENT_DRAFT);

  private final Map<Place, Set<JsonElement>> values = new LinkedHashMap<>();
  private final Map<Place, Set<Integer>> moments = new HashMap<>();

  private record Place(RequestTarget target, List<String> path) {}

  /** A wrong value, and the moments at which its object is there. */
  record Wrong(Corruption corruption, Set<Integer> moments) {}

  /** Looks at the objects after an act of an undisturbed story. */
  void look(int moment, VirtualApi api) {
    List<StoredObject> nodes = api.objects(CacheFeed.NODES);
    for (StoredObject node : Set.of(nodes.get(0), nodes.get(nodes.size() - 1))) {
      node(moment, node);
    }
    for (StoredObject policy : api.objects(CacheFeed.POLICIES)) {
      JsonObject object = policy.parse();
      RequestTarget target = target(CacheFeed.POLICIES, policy);
      see(moment, target, object, List.of("metadata", "finalizers"));
      tree(moment, target, object, List.of("status"), object.get("status"));
    }
    for (StoredObject revision : api.objects(CacheFeed.REVISIONS)) {
      JsonObject object = revision.parse();
      RequestTarget target = target(CacheFeed.REVISIONS, revision);
      for (String label : List.of(Keys.COMPLETED, Keys.REVISION_OF)) {
        see(moment, target, object, List.of("metadata", "labels", label));
      }
      see(moment, target, object, List.of("revision"));
    }
    for (StoredObject daemonSet : api.objects(CacheFeed.DAEMON_SETS)) {
      if (daemonSet.selectable().labels().containsKey(Keys.SPINNER)) {
        daemonSet(moment, daemonSet);
      }
    }
  }

  private void node(int moment, StoredObject node) {
    JsonObject object = node.parse();
    RequestTarget target = target(CacheFeed.NODES, node);
    for (String label : new TreeSet<>(Keys.OWN_LABELS)) {
      see(moment, target, object, List.of("metadata", "labels", label));
    }
    for (String annotation : new TreeSet<>(Keys.OWN_ANNOTATIONS)) {
      if (OF_OTHERS.contains(annotation)) {
        continue;
      }
      see(moment, target, object, List.of("metadata", "annotations", annotation));
    }
    see(moment, target, object, List.of("spec", "taints"));
    List<String> condition = List.of("status", "conditions", "[" + Keys.WARMED_UP_CONDITION + "]");
    see(moment, target, object, condition);
    CONDITION.forEach(field -> see(moment, target, object, plus(condition, field)));
    for (String resources : List.of("capacity", "allocatable")) {
      see(moment, target, object, List.of("status", resources, Keys.cpuResource("gold")));
    }
  }

  private void daemonSet(int moment, StoredObject daemonSet) {
    JsonObject object = daemonSet.parse();
    RequestTarget target = target(CacheFeed.DAEMON_SETS, daemonSet);
    see(moment, target, object, List.of("metadata", "labels", Keys.PULL_VERSION));
    see(moment, target, object, List.of("metadata", "annotations", Keys.APPLIED_HASH));
  }

  private static RequestTarget target(String collection, StoredObject object) {
    return new RequestTarget(collection, object.key().namespace(), object.key().name());
  }

  private void tree(
      int moment, RequestTarget target, JsonObject object, List<String> path, JsonElement at) {
    see(moment, target, object, path);
    if (at instanceof JsonObject fields) {
      fields
          .entrySet()
          .forEach(e -> tree(moment, target, object, plus(path, e.getKey()), e.getValue()));
    } else if (at instanceof JsonArray items) {
      for (int i = 0; i < items.size(); i++) {
        tree(moment, target, object, plus(path, Integer.toString(i)), items.get(i));
      }
    }
  }

  private static List<String> plus(List<String> path, String step) {
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return List.copyOf(longer);
  }

  private void see(int moment, RequestTarget target, JsonObject object, List<String> path) {
    Place place = new Place(target, path);
    Set<JsonElement> seen = values.computeIfAbsent(place, any -> new LinkedHashSet<>());
    Corruption.find(object, path).ifPresent(seen::add);
    moments.computeIfAbsent(place, any -> new TreeSet<>()).add(moment);
  }

  List<Wrong> wrongValues() {
    List<Wrong> all = new ArrayList<>();
    values.forEach(
        (place, seen) -> {
          Set<JsonElement> wrong = new LinkedHashSet<>(seen);
          wrong.addAll(made(place, seen));
          Set<Integer> when = moments.get(place);
          all.add(new Wrong(new Corruption(place.target, place.path, Optional.empty()), when));
          wrong.forEach(
              v ->
                  all.add(
                      new Wrong(new Corruption(place.target, place.path, Optional.of(v)), when)));
        });
    return all;
  }

  private static List<JsonElement> made(Place place, Set<JsonElement> seen) {
    Optional<JsonElement> like = seen.stream().findFirst();
    if (place.path.contains("taints")) {
      return taints();
    }
    if (like.isPresent() && !like.get().isJsonPrimitive()) {
      return List.of(
          new JsonPrimitive("garbage"),
          like.get().isJsonArray() ? new JsonArray() : new JsonObject());
    }
    if (like.isPresent() && !like.get().getAsJsonPrimitive().isString()) {
      return List.of(
          new JsonPrimitive(-1), new JsonPrimitive(0), new JsonPrimitive(Long.MAX_VALUE));
    }
    if (place.path.get(place.path.size() - 1).endsWith("Time")) {
      return times();
    }
    boolean label = place.path.contains("labels");
    List<JsonElement> made = new ArrayList<>();
    for (String text :
        List.of("", "garbage", "7", "false", "x".repeat(label ? HUGE_LABEL : HUGE))) {
      made.add(new JsonPrimitive(text));
    }
    if (!label) {
      for (String text :
          List.of("{\"a\":[1", "2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "/", "x/y@z")) {
        made.add(new JsonPrimitive(text));
      }
    }
    return made;
  }

  /** Anything else is refused by every server. */
  private static List<JsonElement> times() {
    return List.of(
        new JsonPrimitive("2001-01-01T00:00:00Z"), new JsonPrimitive("2099-01-01T00:00:00Z"));
  }

  private static List<JsonElement> taints() {
    List<JsonElement> all = new ArrayList<>();
    for (String taint : List.of("NoSchedule", "NoExecute", "PreferNoSchedule")) {
      JsonObject startup = new JsonObject();
      startup.addProperty("key", Keys.STARTUP_TAINT);
      startup.addProperty("effect", taint);
      JsonArray taints = new JsonArray();
      taints.add(startup);
      all.add(taints);
      JsonObject other = startup.deepCopy();
      other.addProperty("value", "garbage");
      JsonArray changed = new JsonArray();
      changed.add(other);
      all.add(changed);
    }
    all.add(new JsonArray());
    return all;
  }
}
