// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.ClusterSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of a snapshot, with the fields that decisions depend on. Spinners are left out, as
 * the controller creates them again, and so are pods that have ended or are being deleted.
 */
public final class SnapshotObjects {
  private final Map<String, JsonObject> daemonSets = new LinkedHashMap<>();
  private final Map<String, PodView> podOf = new HashMap<>();

  private SnapshotObjects() {}

  public static ClusterObjects of(ClusterSnapshot snapshot) {
    return new SnapshotObjects().all(snapshot);
  }

  private ClusterObjects all(ClusterSnapshot snapshot) {
    List<JsonObject> namespaces = new ArrayList<>();
    List<PodView> pods = new ArrayList<>();
    snapshot
        .reserved()
        .forEach(
            (name, namespace) -> {
              namespaces.add(ClusterObjects.namespace(name, true));
              namespace.pods().stream()
                  .filter(pod -> !pod.finished() && !pod.state().deleting())
                  .forEach(pods::add);
            });
    pods.forEach(pod -> podOf.putIfAbsent(pod.ownerUid(), pod));
    snapshot
        .reserved()
        .values()
        .forEach(namespace -> namespace.daemonSets().forEach(d -> daemonSets.put(d.uid(), of(d))));
    Map<String, List<JsonObject>> all = new LinkedHashMap<>();
    all.put(CacheFeed.NAMESPACES, namespaces);
    all.put(CacheFeed.NODES, snapshot.nodes().stream().map(NodeObject::of).toList());
    all.put(
        CacheFeed.CSI_NODES,
        snapshot.csiDrivers().entrySet().stream()
            .map(e -> NodeObject.csiNode(e.getKey(), e.getValue()))
            .toList());
    all.put(CacheFeed.DAEMON_SETS, List.copyOf(daemonSets.values()));
    all.put(CacheFeed.PODS, pods.stream().map(this::of).toList());
    all.put(CacheFeed.REVISIONS, revisions(snapshot));
    all.put(
        CacheFeed.POLICIES,
        snapshot.policies().objects().stream().map(SnapshotObjects::of).toList());
    return new ClusterObjects(snapshot.takenAt(), all);
  }

  private JsonObject of(DaemonSetView view) {
    JsonObject metadata = ApiObject.metadata(view.name(), view.uid(), Instant.EPOCH);
    metadata.addProperty("namespace", view.namespace());
    metadata.addProperty("generation", 1);
    JsonObject podSpec = new JsonObject();
    podSpec.add("nodeSelector", ApiObject.strings(view.placement().nodeSelector()));
    view.placement()
        .affinityTerms()
        .ifPresent(terms -> podSpec.add("affinity", PodPlacement.affinity(terms)));
    podSpec.add("tolerations", PodPlacement.tolerations(view.placement().tolerations()));
    PodView like = podOf.get(view.uid());
    podSpec.add("containers", containers(view.name(), like));
    JsonObject templateMetadata = new JsonObject();
    templateMetadata.add("labels", ApiObject.strings(view.podLabels()));
    JsonObject template = new JsonObject();
    template.add("metadata", templateMetadata);
    template.add("spec", podSpec);
    JsonObject selector = new JsonObject();
    selector.add("matchLabels", ApiObject.strings(view.podLabels()));
    JsonObject spec = new JsonObject();
    spec.add("selector", selector);
    spec.add("template", template);
    JsonObject daemonSet = ApiObject.of("apps/v1", "DaemonSet", metadata);
    daemonSet.add("spec", spec);
    return daemonSet;
  }

  /**
   * @param like a pod with the same containers; null when there is none
   */
  private static JsonArray containers(String name, PodView like) {
    JsonObject requests = new JsonObject();
    Resources wanted = like == null ? Resources.NONE : like.requests();
    requests.addProperty("cpu", wanted.cpuMilli() + "m");
    requests.addProperty("memory", Long.toString(wanted.memoryBytes()));
    requests.addProperty("ephemeral-storage", Long.toString(wanted.ephemeralStorageBytes()));
    JsonObject resources = new JsonObject();
    resources.add("requests", requests);
    JsonObject container = new JsonObject();
    container.addProperty("name", name);
    container.addProperty(
        "image", like == null ? name : like.images().stream().sorted().findFirst().orElse(name));
    container.add("resources", resources);
    JsonArray containers = new JsonArray();
    containers.add(container);
    return containers;
  }

  private JsonObject of(PodView view) {
    JsonObject metadata =
        ApiObject.metadata(view.name(), view.meta().uid(), view.meta().createdAt());
    metadata.addProperty("namespace", view.namespace());
    metadata.add("labels", ApiObject.strings(view.labels()));
    if (!view.ownerUid().isEmpty()) {
      JsonObject daemonSet = daemonSets.get(view.ownerUid());
      JsonObject owner = new JsonObject();
      owner.addProperty("apiVersion", "apps/v1");
      owner.addProperty("kind", daemonSet == null ? "ReplicaSet" : "DaemonSet");
      owner.addProperty(
          "name",
          daemonSet == null
              ? "unknown"
              : daemonSet.getAsJsonObject("metadata").get("name").getAsString());
      owner.addProperty("uid", view.ownerUid());
      owner.addProperty("controller", true);
      JsonArray owners = new JsonArray();
      owners.add(owner);
      metadata.add("ownerReferences", owners);
    }
    JsonObject spec = new JsonObject();
    if (!view.nodeName().isEmpty()) {
      spec.addProperty("nodeName", view.nodeName());
    }
    spec.add("tolerations", PodPlacement.tolerations(view.tolerations()));
    spec.add("containers", containers("main", view));
    JsonObject pod = ApiObject.of("v1", "Pod", metadata);
    pod.add("spec", spec);
    pod.add("status", status(view));
    return pod;
  }

  private static JsonObject status(PodView view) {
    JsonObject ready = new JsonObject();
    ready.addProperty("type", "Ready");
    ready.addProperty("status", view.state().ready() ? "True" : "False");
    if (!view.state().readySince().equals(Instant.EPOCH)) {
      ready.addProperty("lastTransitionTime", view.state().readySince().toString());
    }
    JsonArray conditions = new JsonArray();
    conditions.add(ready);
    JsonArray containers = new JsonArray();
    int number = 0;
    for (String image : view.images()) {
      JsonObject container = new JsonObject();
      container.addProperty("name", "main" + (number == 0 ? "" : "-" + number));
      number++;
      container.addProperty("image", image);
      container.addProperty("imageID", image);
      container.addProperty("ready", view.state().ready());
      container.addProperty("started", true);
      if (!view.state().startedAt().equals(Instant.EPOCH)) {
        JsonObject running = new JsonObject();
        running.addProperty("startedAt", view.state().startedAt().toString());
        JsonObject state = new JsonObject();
        state.add("running", running);
        container.add("state", state);
      }
      containers.add(container);
    }
    JsonObject status = new JsonObject();
    status.addProperty("phase", view.state().phase());
    status.add("conditions", conditions);
    status.add("containerStatuses", containers);
    return status;
  }

  private static List<JsonObject> revisions(ClusterSnapshot snapshot) {
    List<JsonObject> all = new ArrayList<>();
    for (PolicyRevision revision : snapshot.policies().revisions()) {
      for (PolicyObject policy : snapshot.policies().objects()) {
        if (policy.name().equals(revision.policy())) {
          JsonObject object =
              JsonParser.parseString(
                      revision.toCreate(policy.meta(), snapshot.controller().namespace()))
                  .getAsJsonObject();
          object.getAsJsonObject("metadata").addProperty("uid", revision.uid());
          all.add(object);
        }
      }
    }
    return all;
  }

  private static JsonObject of(PolicyObject policy) {
    JsonObject metadata =
        ApiObject.metadata(policy.name(), policy.meta().uid(), policy.meta().createdAt());
    metadata.addProperty("generation", policy.meta().generation());
    JsonArray finalizers = new JsonArray();
    policy.meta().finalizers().forEach(finalizers::add);
    metadata.add("finalizers", finalizers);
    Map<String, String> annotations = new LinkedHashMap<>();
    if (!policy.confirm().isEmpty()) {
      annotations.put(Keys.CONFIRM, policy.confirm());
    }
    if (!policy.rolloutRequest().text().isEmpty()) {
      annotations.put(Keys.ROLLOUT, policy.rolloutRequest().text());
    }
    metadata.add("annotations", ApiObject.strings(annotations));
    JsonObject object =
        ApiObject.of(Keys.GROUP + "/" + Keys.API_VERSION, "NodeQoSPolicy", metadata);
    object.add("spec", policy.spec().deepCopy());
    object.add("status", policy.status().deepCopy());
    return object;
  }
}
