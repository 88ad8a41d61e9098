// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.node.Keys;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerKey;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.spec.PolicySpec.Image;
import io.nodeqos.policy.spec.PolicySpec.Images;
import java.util.List;
import java.util.Map;

/**
 * The DaemonSet that pulls a policy's images: a pure function of the policy and the settings. Its
 * pod mounts each image as a volume (KEP-4639), which makes the kubelet pull it, and runs a pause
 * container: the images themselves are never run.
 *
 * <p>The label {@link Keys#IMAGES} alone places its pods, and the controller sets it on nodes that
 * the policy selects. So the pods tolerate every taint: each startup taint, and the taints of
 * dedicated nodes, such as nodes with GPUs.
 */
record SpinnerSpec(String name, String namespace, JsonObject metadata, JsonObject spec) {
  private static final String API_VERSION = "apps/v1";

  /** The user of the pause images that Kubernetes publishes. */
  private static final int PAUSE_USER = 65535;

  private static final String CONTAINER = "pause";

  private static final int HASH_DIGITS = 16;

  /**
   * @param policy the version whose images it pulls
   */
  static SpinnerSpec of(
      NodeQoSPolicy policy,
      Images images,
      SpinnerKey key,
      SpinnerSettings settings,
      String namespace) {
    JsonObject labels = labels(key);
    labels.addProperty(Keys.PULL_VERSION, images.pullVersion());
    JsonObject metadata = new JsonObject();
    metadata.add("labels", labels.deepCopy());
    // So that the garbage collector deletes it if the policy is deleted while no controller runs.
    metadata.add("ownerReferences", array(List.of(policy.meta().ownerReference())));
    JsonObject template = new JsonObject();
    template.add("metadata", object("labels", labels));
    template.add("spec", podSpec(key, images, settings));
    JsonObject spec = new JsonObject();
    spec.add("selector", object("matchLabels", texts(Map.of(Keys.SPINNER, key.text()))));
    spec.add("template", template);
    // No workload depends on these pods: a changed list must reach all nodes at once.
    JsonObject strategy = object("rollingUpdate", texts(Map.of("maxUnavailable", "100%")));
    strategy.addProperty("type", "RollingUpdate");
    spec.add("updateStrategy", strategy);
    return new SpinnerSpec(name(key, settings), namespace, metadata, spec);
  }

  /** Nodes go by the label: with a wrong one, they would wait for images that nothing pulls. */
  boolean isAppliedTo(SpinnerDaemonSet present) {
    String version = metadata.getAsJsonObject("labels").get(Keys.PULL_VERSION).getAsString();
    return present.appliedHash().equals(hash()) && present.pullVersion().equals(version);
  }

  static String name(SpinnerKey key, SpinnerSettings settings) {
    return settings.namePrefix() + key.text();
  }

  private static JsonObject labels(SpinnerKey key) {
    JsonObject labels = new JsonObject();
    labels.addProperty("app.kubernetes.io/name", "nodeqos-spinner");
    labels.addProperty("app.kubernetes.io/component", "image-puller");
    labels.addProperty("app.kubernetes.io/managed-by", "node-qos-controller");
    labels.addProperty(Keys.SPINNER, key.text());
    return labels;
  }

  private static JsonObject podSpec(SpinnerKey key, Images images, SpinnerSettings settings) {
    JsonArray volumes = new JsonArray();
    JsonArray mounts = new JsonArray();
    for (Image image : images.pulled()) {
      String volume = "image-" + volumes.size();
      JsonObject source = new JsonObject();
      source.addProperty("reference", image.ref());
      source.addProperty("pullPolicy", image.pull().text());
      JsonObject one = object("image", source);
      one.addProperty("name", volume);
      volumes.add(one);
      JsonObject mount = new JsonObject();
      mount.addProperty("name", volume);
      mount.addProperty("mountPath", "/images/" + volume);
      mount.addProperty("readOnly", true);
      mounts.add(mount);
    }
    JsonObject spec = new JsonObject();
    spec.add("containers", array(List.of(container(settings, mounts))));
    spec.add("volumes", volumes);
    spec.add("nodeSelector", texts(Map.of(Keys.IMAGES, key.text())));
    spec.add("tolerations", array(List.of(texts(Map.of("operator", "Exists")))));
    // Null where there is none; otherwise a merge patch would keep the old ones.
    spec.add("imagePullSecrets", secrets(images));
    spec.add(
        "priorityClassName",
        settings.priorityClass().isEmpty()
            ? JsonNull.INSTANCE
            : new JsonPrimitive(settings.priorityClass()));
    spec.addProperty("automountServiceAccountToken", false);
    spec.addProperty("enableServiceLinks", false);
    spec.addProperty("terminationGracePeriodSeconds", 0);
    JsonObject security = object("seccompProfile", texts(Map.of("type", "RuntimeDefault")));
    security.addProperty("runAsNonRoot", true);
    security.addProperty("runAsUser", PAUSE_USER);
    security.addProperty("runAsGroup", PAUSE_USER);
    spec.add("securityContext", security);
    return spec;
  }

  private static JsonElement secrets(Images images) {
    List<JsonObject> names =
        images.pulled().stream()
            .flatMap(image -> image.pullSecrets().stream())
            .distinct()
            .map(name -> texts(Map.of("name", name)))
            .toList();
    return names.isEmpty() ? JsonNull.INSTANCE : array(names);
  }

  private static JsonObject container(SpinnerSettings settings, JsonArray mounts) {
    SpinnerSettings.ContainerResources resources = settings.resources();
    JsonObject container = new JsonObject();
    container.addProperty("name", CONTAINER);
    container.addProperty("image", settings.pauseImage());
    JsonObject amounts = new JsonObject();
    amounts.add("requests", amounts(resources.cpuRequest(), resources.memoryRequest()));
    amounts.add("limits", amounts(resources.cpuLimit(), resources.memoryLimit()));
    container.add("resources", amounts);
    JsonObject security = new JsonObject();
    security.addProperty("allowPrivilegeEscalation", false);
    security.addProperty("readOnlyRootFilesystem", true);
    JsonArray all = new JsonArray();
    all.add("ALL");
    security.add("capabilities", object("drop", all));
    container.add("securityContext", security);
    container.add("volumeMounts", mounts);
    return container;
  }

  private static JsonObject amounts(String cpu, String memory) {
    JsonObject amounts = new JsonObject();
    amounts.addProperty("cpu", cpu);
    amounts.addProperty("memory", memory);
    return amounts;
  }

  private static JsonObject object(String field, JsonElement value) {
    JsonObject object = new JsonObject();
    object.add(field, value);
    return object;
  }

  private static JsonObject texts(Map<String, String> fields) {
    JsonObject object = new JsonObject();
    fields.forEach(object::addProperty);
    return object;
  }

  private static JsonArray array(List<JsonObject> elements) {
    JsonArray array = new JsonArray();
    elements.forEach(array::add);
    return array;
  }

  /** A hash of the whole object. */
  String hash() {
    return Sha256.hex(metadata + "\n" + spec, HASH_DIGITS);
  }

  /** The whole object, to be created. */
  String toCreate() {
    JsonObject object = new JsonObject();
    object.addProperty("apiVersion", API_VERSION);
    object.addProperty("kind", "DaemonSet");
    JsonObject meta = annotated();
    meta.addProperty("name", name);
    meta.addProperty("namespace", namespace);
    object.add("metadata", meta);
    object.add("spec", spec);
    return object.toString();
  }

  /** A merge patch that changes the DaemonSet with this uid to this spec. */
  String toPatch(String uid) {
    JsonObject meta = annotated();
    meta.addProperty("uid", uid);
    JsonObject changed = spec.deepCopy();
    // It is immutable, and the same in all versions.
    changed.remove("selector");
    JsonObject object = object("metadata", meta);
    object.add("spec", changed);
    return object.toString();
  }

  private JsonObject annotated() {
    JsonObject meta = metadata.deepCopy();
    meta.add("annotations", texts(Map.of(Keys.APPLIED_HASH, hash())));
    return meta;
  }
}
