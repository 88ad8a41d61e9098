// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the API of a life holds beside policies: agents with their pods, labels of nodes and
 * namespaces, acknowledgements.
 *
 * @param namespace of the controller
 */
record Surroundings(VirtualApi api, String namespace) {
  /** A node like one whose drivers are not registered yet would never have any. */
  boolean hasDrivers(String node) {
    return api.object(CacheFeed.CSI_NODES, "", node)
        .filter(n -> !FleetJson.objects(n.parse(), "spec", "drivers").isEmpty())
        .isPresent();
  }

  /** Without those of the controller. */
  List<JsonObject> pods() {
    return api.objects(CacheFeed.PODS).stream()
        .map(StoredObject::parse)
        .filter(p -> !FleetJson.text(p, "metadata", "namespace").equals(namespace))
        .toList();
  }

  private static String podPath(JsonObject pod) {
    return "/api/v1/namespaces/"
        + FleetJson.text(pod, "metadata", "namespace")
        + "/pods/"
        + FleetJson.name(pod);
  }

  /** It terminates; its kubelet ends it. */
  void evict(JsonObject pod) {
    api.delete(podPath(pod));
  }

  private void delete(JsonObject pod) {
    api.delete(podPath(pod) + "?gracePeriodSeconds=0");
  }

  void agent(String in, String name) {
    JsonObject daemonSet =
        JsonParser.parseString(
                """
                {"apiVersion": "apps/v1", "kind": "DaemonSet",
                 "metadata": {"name": "%1$s", "namespace": "%2$s"},
                 "spec": {
                   "selector": {"matchLabels": {"k8s-app": "%1$s"}},
                   "template": {
                     "metadata": {"labels": {"k8s-app": "%1$s"}},
                     "spec": {
                       "tolerations": [{"operator": "Exists"}],
                       "containers": [{"name": "agent", "image": "example.com/agent:1",
                         "resources": {"requests": {"cpu": "150m", "memory": "100Mi"}}}]}}}}
                """
                    .formatted(name, in))
            .getAsJsonObject();
    api.create("/apis/apps/v1/namespaces/" + in + "/daemonsets", daemonSet);
  }

  void label(String path, String key, String value) {
    JsonObject labels = new JsonObject();
    labels.addProperty(key, value);
    patchMetadata(path, "labels", labels);
  }

  private void patchMetadata(String path, String part, JsonObject values) {
    JsonObject metadata = new JsonObject();
    metadata.add(part, values);
    JsonObject patch = new JsonObject();
    patch.add("metadata", metadata);
    api.patch(path, PatchType.MERGE, patch);
  }

  void acknowledge() {
    api.objects(CacheFeed.NODES).forEach(this::acknowledge);
  }

  void acknowledge(StoredObject node) {
    JsonObject now = node.parse();
    String version = FleetJson.strings(now, "metadata", "labels").get(Keys.CONFIG_VERSION);
    String applied = FleetJson.strings(now, "metadata", "annotations").get(Keys.APPLIED_VERSION);
    if (version != null && !version.equals(applied)) {
      JsonObject notes = new JsonObject();
      notes.addProperty(Keys.APPLIED_VERSION, version);
      patchMetadata(CacheFeed.NODES + "/" + node.key().name(), "annotations", notes);
    }
  }

  /** DaemonSets make them again. */
  void replaceFailedPods() {
    pods().stream().filter(p -> !isReady(p)).forEach(this::delete);
  }

  /**
   * The simulated DaemonSet controller has no rolling update, and there is no garbage collector for
   * a pod that it makes while its DaemonSet is deleted: this takes their place.
   */
  void replaceOutdatedPods() {
    Map<String, String> generations = new HashMap<>();
    api.objects(CacheFeed.DAEMON_SETS).stream()
        .map(StoredObject::parse)
        .forEach(
            d ->
                generations.put(
                    FleetJson.text(d, "metadata", "uid"),
                    FleetJson.text(d, "metadata", "generation")));
    for (StoredObject stored : api.objects(CacheFeed.PODS)) {
      JsonObject pod = stored.parse();
      String made = FleetJson.strings(pod, "metadata", "labels").get("pod-template-generation");
      boolean outdated =
          FleetJson.objects(pod, "metadata", "ownerReferences").stream()
              .map(owner -> generations.get(FleetJson.text(owner, "uid")))
              .anyMatch(now -> !Objects.equals(now, made));
      if (outdated) {
        delete(pod);
      }
    }
  }

  private static boolean isReady(JsonObject pod) {
    return FleetJson.text(FleetJson.condition(pod, "Ready"), "status").equals("True");
  }
}
