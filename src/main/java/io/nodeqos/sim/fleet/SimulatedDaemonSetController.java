// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetClient.Reply;
import io.nodeqos.sim.fleet.SimulatedPlacement.NodeFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps one pod of each DaemonSet of the cluster on each node where it fits, binds it there
 * directly, and reports the counts in the DaemonSets' status. Pods whose node or DaemonSet is gone
 * are deleted, which is the task of the garbage collector. A change of the template replaces no
 * pod.
 */
final class SimulatedDaemonSetController {

  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(2);

  private enum Source {
    NODES,
    PODS,
    DAEMON_SETS
  }

  private record Key(String daemonSetUid, String node) {}

  /** The path is empty while the pod's creation is in progress. */
  private record PodFacts(String path, boolean ready) {}

  private final FleetContext context;
  private final FleetApi client;

  // All guarded by this, which is never held during a call.
  private final Map<String, JsonObject> daemonSets = new TreeMap<>();
  private final Map<String, NodeFacts> nodes = new HashMap<>();
  private final Map<Key, PodFacts> pods = new HashMap<>();
  private final Map<String, JsonObject> reported = new HashMap<>();
  private final Set<Source> listed = EnumSet.noneOf(Source.class);
  private boolean countsChanged;

  SimulatedDaemonSetController(FleetContext context, FleetApi client) {
    this.context = context;
    this.client = client;
  }

  void start() {
    context.steps().after(STATUS_INTERVAL, this::reportCounts);
  }

  FleetWatch.Handler nodeHandler() {
    return new Following(Source.NODES) {
      @Override
      void forget() {
        nodes.clear();
      }

      @Override
      void take(JsonObject node, boolean deleted) {
        NodeFacts facts = NodeFacts.of(node);
        NodeFacts before = deleted ? nodes.remove(facts.name()) : nodes.put(facts.name(), facts);
        if (deleted || !facts.equals(before)) {
          reconcileNode(facts.name());
        }
      }
    };
  }

  FleetWatch.Handler daemonSetHandler() {
    return new Following(Source.DAEMON_SETS) {
      @Override
      void forget() {
        daemonSets.clear();
      }

      @Override
      void take(JsonObject daemonSet, boolean deleted) {
        String uid = FleetJson.uid(daemonSet);
        JsonObject before = deleted ? daemonSets.remove(uid) : daemonSets.put(uid, daemonSet);
        if (before == null || deleted || !before.get("spec").equals(daemonSet.get("spec"))) {
          reconcileAll();
        }
      }
    };
  }

  FleetWatch.Handler podHandler() {
    return new Following(Source.PODS) {
      @Override
      void forget() {
        pods.values().removeIf(pod -> !pod.path().isEmpty());
      }

      @Override
      void take(JsonObject pod, boolean deleted) {
        String owner =
            FleetJson.objects(pod, "metadata", "ownerReferences").stream()
                .filter(reference -> FleetJson.text(reference, "kind").equals("DaemonSet"))
                .map(reference -> FleetJson.text(reference, "uid"))
                .findFirst()
                .orElse("");
        if (owner.isEmpty()) {
          return;
        }
        Key key = new Key(owner, FleetJson.text(pod, "spec", "nodeName"));
        boolean ready = FleetJson.text(FleetJson.condition(pod, "Ready"), "status").equals("True");
        PodFacts facts = new PodFacts(FleetPods.path(pod), ready);
        PodFacts known = pods.get(key);
        if (!deleted) {
          pods.put(key, facts);
        } else if (known != null && known.path().equals(facts.path())) {
          pods.remove(key);
        }
        countsChanged = true;
        reconcileNode(key.node());
      }
    };
  }

  private void reconcileAll() {
    List.copyOf(nodes.keySet()).forEach(this::reconcileNode);
    if (listed.size() == Source.values().length) {
      deleteOrphans();
    }
  }

  private void reconcileNode(String name) {
    if (listed.size() < Source.values().length) {
      return;
    }
    countsChanged = true;
    NodeFacts node = nodes.get(name);
    if (node == null) {
      deleteOrphans();
      return;
    }
    daemonSets.forEach(
        (uid, daemonSet) -> {
          Key key = new Key(uid, name);
          PodFacts pod = pods.get(key);
          if (pod == null && SimulatedPlacement.shouldRun(daemonSet, node)) {
            pods.put(key, new PodFacts("", false));
            context.steps().soon(() -> create(daemonSet, key, 0));
          } else if (pod != null
              && !pod.path().isEmpty()
              && !SimulatedPlacement.mayStay(daemonSet, node)) {
            delete(pod);
          }
        });
  }

  private void deleteOrphans() {
    pods.forEach(
        (key, pod) -> {
          boolean wanted =
              nodes.containsKey(key.node()) && daemonSets.containsKey(key.daemonSetUid());
          if (!wanted && !pod.path().isEmpty()) {
            delete(pod);
          }
        });
  }

  private void delete(PodFacts pod) {
    context
        .steps()
        .soon(
            () ->
                client
                    .delete(pod.path() + "?gracePeriodSeconds=0")
                    .expect("deleting " + pod.path(), 404));
  }

  private void create(JsonObject daemonSet, Key key, int attempt) throws IOException {
    JsonObject pod = FleetDaemonSets.pod(daemonSet, key.node(), attempt);
    String collection =
        "/api/v1/namespaces/" + FleetJson.text(daemonSet, "metadata", "namespace") + "/pods";
    Reply reply = client.create(collection, pod);
    if (reply.code() == 403) {
      throw new IOException("a namespace without its service account: " + reply.message());
    }
    if (reply.expect("a pod of " + FleetJson.name(daemonSet), 409).ok()) {
      return;
    }
    // The name is taken: by an earlier attempt whose answer was lost, or by chance.
    Reply taken = client.get(collection + "/" + FleetJson.name(pod));
    if (!FleetJson.text(taken.body(), "spec", "nodeName").equals(key.node())) {
      create(daemonSet, key, attempt + 1);
    }
  }

  private void reportCounts() throws IOException {
    for (JsonObject daemonSet : withNewCounts()) {
      String path =
          "/apis/apps/v1/namespaces/"
              + FleetJson.text(daemonSet, "metadata", "namespace")
              + "/daemonsets/"
              + FleetJson.name(daemonSet)
              + "/status";
      JsonObject patch = new JsonObject();
      patch.add("status", daemonSet.get("status"));
      client.patch(path, PatchType.MERGE, patch).expect("the status " + path, 404);
      synchronized (this) {
        reported.put(FleetJson.uid(daemonSet), daemonSet.getAsJsonObject("status"));
      }
    }
    context.steps().after(STATUS_INTERVAL, this::reportCounts);
  }

  private synchronized List<JsonObject> withNewCounts() {
    List<JsonObject> changed = new ArrayList<>();
    if (countsChanged) {
      daemonSets.forEach(
          (uid, daemonSet) -> {
            JsonObject counts = counts(uid, daemonSet);
            if (!counts.equals(reported.get(uid))) {
              JsonObject updated = new JsonObject();
              updated.add("metadata", daemonSet.get("metadata"));
              updated.add("status", counts);
              changed.add(updated);
            }
          });
      // Counted once more after the last report, as a report may fail.
      countsChanged = !changed.isEmpty();
    }
    return changed;
  }

  private JsonObject counts(String uid, JsonObject daemonSet) {
    int desired = 0;
    int current = 0;
    int ready = 0;
    for (NodeFacts node : nodes.values()) {
      if (SimulatedPlacement.shouldRun(daemonSet, node)) {
        desired++;
        PodFacts pod = pods.get(new Key(uid, node.name()));
        current += pod != null ? 1 : 0;
        ready += pod != null && pod.ready() ? 1 : 0;
      }
    }
    JsonObject counts = new JsonObject();
    counts.addProperty("desiredNumberScheduled", desired);
    counts.addProperty("currentNumberScheduled", current);
    counts.addProperty("updatedNumberScheduled", current);
    counts.addProperty("numberReady", ready);
    counts.addProperty("numberAvailable", ready);
    counts.addProperty("numberUnavailable", desired - ready);
    counts.addProperty("numberMisscheduled", 0);
    counts.add("observedGeneration", FleetJson.at(daemonSet, "metadata", "generation"));
    return counts;
  }

  /** Keeps a part of the state as listed and then changed; acts once every part was listed. */
  private abstract class Following implements FleetWatch.Handler {
    private final Source source;

    Following(Source source) {
      this.source = source;
    }

    abstract void forget();

    abstract void take(JsonObject object, boolean deleted);

    @Override
    public void listed(List<JsonObject> all) {
      synchronized (SimulatedDaemonSetController.this) {
        listed.remove(source);
        forget();
        all.forEach(object -> take(object, false));
        listed.add(source);
        reconcileAll();
      }
    }

    @Override
    public void changed(String type, JsonObject object) {
      synchronized (SimulatedDaemonSetController.this) {
        take(object, type.equals("DELETED"));
      }
    }
  }
}
