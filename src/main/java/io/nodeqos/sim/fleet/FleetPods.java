// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The fields of a Pod that a kubelet reads, and the status that it writes. */
final class FleetPods {
  private FleetPods() {}

  static String path(JsonObject pod) {
    return "/api/v1/namespaces/"
        + FleetJson.text(pod, "metadata", "namespace")
        + "/pods/"
        + FleetJson.name(pod);
  }

  /** The label {@code k8s-app}, else the name of the container. */
  static String app(JsonObject pod) {
    String label = FleetJson.strings(pod, "metadata", "labels").getOrDefault("k8s-app", "");
    return label.isEmpty() ? FleetJson.text(containers(pod).get(0), "name") : label;
  }

  /** The name of its DaemonSet; empty without one. */
  static String owner(JsonObject pod) {
    return FleetJson.objects(pod, "metadata", "ownerReferences").stream()
        .filter(reference -> FleetJson.text(reference, "kind").equals("DaemonSet"))
        .map(reference -> FleetJson.text(reference, "name"))
        .findFirst()
        .orElse("");
  }

  /** The images to pull before it runs: of containers and of image volumes. */
  static List<String> images(JsonObject pod) {
    List<String> images = new ArrayList<>();
    FleetJson.objects(pod, "spec", "initContainers")
        .forEach(container -> images.add(FleetJson.text(container, "image")));
    containers(pod).forEach(container -> images.add(FleetJson.text(container, "image")));
    for (JsonObject volume : FleetJson.objects(pod, "spec", "volumes")) {
      String reference = FleetJson.text(volume, "image", "reference");
      if (!reference.isEmpty()) {
        images.add(reference);
      }
    }
    return images;
  }

  /** The status of a pod whose containers run since {@code now}, and are not ready. */
  static JsonObject started(JsonObject pod, String now) {
    JsonObject status = running(pod, now, now, false);
    status.addProperty("startTime", now);
    JsonArray conditions = status.getAsJsonArray("conditions");
    conditions.add(condition("PodScheduled", true, now));
    conditions.add(condition("Initialized", true, now));
    return status;
  }

  /** The status of a pod whose containers run since {@code started} and are ready now. */
  static JsonObject ready(JsonObject pod, String started, String now) {
    return running(pod, started, now, true);
  }

  /** The status that a kubelet writes for a pod that ran before a reboot of the machine. */
  static JsonObject stopped(JsonObject pod, String now) {
    JsonObject status = running(pod, now, now, false);
    for (JsonElement container : status.getAsJsonArray("containerStatuses")) {
      JsonObject state = new JsonObject();
      state.add("waiting", new JsonObject());
      state.getAsJsonObject("waiting").addProperty("reason", "ContainerCreating");
      container.getAsJsonObject().add("state", state);
      container.getAsJsonObject().addProperty("started", false);
    }
    return status;
  }

  private static JsonObject running(JsonObject pod, String started, String now, boolean ready) {
    JsonObject status = new JsonObject();
    status.addProperty("phase", "Running");
    JsonArray conditions = new JsonArray();
    conditions.add(condition("ContainersReady", ready, now));
    conditions.add(condition("Ready", ready, now));
    status.add("conditions", conditions);
    JsonArray containers = new JsonArray();
    for (JsonObject container : containers(pod)) {
      containers.add(containerStatus(container, started, ready));
    }
    status.add("containerStatuses", containers);
    return status;
  }

  /** An entry of a node's {@code status.images}: by digest and by tag, as runtimes list it. */
  static JsonObject image(String reference) {
    UUID hash = UUID.nameUUIDFromBytes(reference.getBytes(StandardCharsets.UTF_8));
    String hex = hash.toString().replace("-", "");
    int tag = reference.lastIndexOf(':');
    String repository = tag > reference.lastIndexOf('/') ? reference.substring(0, tag) : reference;
    JsonArray names = new JsonArray();
    names.add(repository + "@sha256:" + hex + hex);
    names.add(reference);
    JsonObject image = new JsonObject();
    image.add("names", names);
    image.addProperty("sizeBytes", 20_000_000L + Math.floorMod(hash.hashCode(), 400_000_000));
    return image;
  }

  private static List<JsonObject> containers(JsonObject pod) {
    return FleetJson.objects(pod, "spec", "containers");
  }

  private static JsonObject condition(String type, boolean holds, String now) {
    JsonObject condition = new JsonObject();
    condition.addProperty("type", type);
    condition.addProperty("status", holds ? "True" : "False");
    condition.addProperty("lastTransitionTime", now);
    if (!holds) {
      condition.addProperty("reason", "ContainersNotReady");
      condition.addProperty("message", "containers with unready status");
    }
    return condition;
  }

  private static JsonObject containerStatus(JsonObject container, String started, boolean ready) {
    return JsonParser.parseString(
            String.format(
                Locale.ROOT,
                """
                {"name": "%s", "image": "%2$s", "imageID": "%2$s", "ready": %3$b, "started": true,
                 "restartCount": 0, "state": {"running": {"startedAt": "%4$s"}}}
                """,
                FleetJson.text(container, "name"),
                FleetJson.text(container, "image"),
                ready,
                started))
        .getAsJsonObject();
  }
}
