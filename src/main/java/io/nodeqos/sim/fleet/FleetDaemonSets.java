// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The system agents of the simulated cluster, and the pods that a DaemonSet controller creates for
 * them.
 */
public final class FleetDaemonSets {

  /** The namespace of the system agents. */
  public static final String NAMESPACE = "kube-system";

  /** The network agent, also its label {@code k8s-app}; on stuck nodes it never becomes Ready. */
  public static final String NETWORK_AGENT = "cilium";

  /**
   * The storage agent, also its label {@code k8s-app}; once Ready it registers {@link #CSI_DRIVER}.
   */
  public static final String STORAGE_AGENT = "csi-node";

  public static final String CSI_DRIVER = "csi.example.com";

  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  // The tolerations that the DaemonSet controller adds to every pod, see "Taints and tolerations"
  // in the Kubernetes documentation of DaemonSets. The not-ready taint of effect NoSchedule is not
  // among
  // them.
  private static final JsonArray AUTOMATIC_TOLERATIONS =
      JsonParser.parseString(
              """
              [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"},
               {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"},
               {"key": "node.kubernetes.io/disk-pressure", "operator": "Exists", "effect": "NoSchedule"},
               {"key": "node.kubernetes.io/memory-pressure", "operator": "Exists", "effect": "NoSchedule"},
               {"key": "node.kubernetes.io/pid-pressure", "operator": "Exists", "effect": "NoSchedule"},
               {"key": "node.kubernetes.io/unschedulable", "operator": "Exists", "effect": "NoSchedule"}]
              """)
          .getAsJsonArray();

  private FleetDaemonSets() {}

  /** The DaemonSets of the system agents; they tolerate every taint. */
  static List<JsonObject> agents() {
    return List.of(
        agent(NETWORK_AGENT, "quay.io/cilium/cilium:v1.18.4", "100m", "512Mi"),
        agent(STORAGE_AGENT, "registry.example.com/csi/csi-node:v2.4.1", "30m", "120Mi"));
  }

  private static JsonObject agent(String name, String image, String cpu, String memory) {
    return JsonParser.parseString(
            """
            {"apiVersion": "apps/v1", "kind": "DaemonSet",
             "metadata": {"name": "%1$s", "namespace": "%2$s", "labels": {"k8s-app": "%1$s"}},
             "spec": {
               "selector": {"matchLabels": {"k8s-app": "%1$s"}},
               "updateStrategy": {"type": "RollingUpdate"},
               "template": {
                 "metadata": {"labels": {"k8s-app": "%1$s"}},
                 "spec": {
                   "priorityClassName": "system-node-critical",
                   "tolerations": [{"operator": "Exists"}],
                   "containers": [{"name": "agent", "image": "%3$s",
                     "resources": {"requests": {"cpu": "%4$s", "memory": "%5$s"}}}]}}}}
            """
                .formatted(name, NAMESPACE, image, cpu, memory))
        .getAsJsonObject();
  }

  /** The tolerations that a pod of this DaemonSet gets. */
  static List<JsonObject> tolerations(JsonObject daemonSet) {
    List<JsonObject> all = FleetJson.objects(daemonSet, "spec", "template", "spec", "tolerations");
    for (JsonElement automatic : AUTOMATIC_TOLERATIONS) {
      all.add(automatic.getAsJsonObject());
    }
    return all;
  }

  /** The pod of this DaemonSet on this node; {@code attempt} gives it another name. */
  static JsonObject pod(JsonObject daemonSet, String node, int attempt) {
    String owner = FleetJson.name(daemonSet);
    JsonObject metadata =
        JsonParser.parseString(
                """
                {"name": "%1$s-%2$s", "generateName": "%1$s-",
                 "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "%1$s",
                   "uid": "%3$s", "controller": true, "blockOwnerDeletion": true}]}
                """
                    .formatted(
                        owner,
                        suffix(owner + "/" + node + "/" + attempt),
                        FleetJson.uid(daemonSet)))
            .getAsJsonObject();
    JsonObject template = daemonSet.getAsJsonObject("spec").getAsJsonObject("template").deepCopy();
    JsonObject labels = new JsonObject();
    FleetJson.strings(template, "metadata", "labels").forEach(labels::addProperty);
    labels.addProperty(
        "pod-template-generation", FleetJson.text(daemonSet, "metadata", "generation"));
    metadata.add("labels", labels);
    JsonElement annotations = FleetJson.at(template, "metadata", "annotations");
    if (annotations != null) {
      metadata.add("annotations", annotations);
    }
    JsonArray tolerations = new JsonArray();
    tolerations(daemonSet).forEach(tolerations::add);
    JsonObject spec = template.getAsJsonObject("spec");
    spec.addProperty("nodeName", node);
    spec.add("tolerations", tolerations);
    JsonObject pod = new JsonObject();
    pod.addProperty("apiVersion", "v1");
    pod.addProperty("kind", "Pod");
    pod.add("metadata", metadata);
    pod.add("spec", spec);
    return pod;
  }

  private static String suffix(String of) {
    SplittableRandom random = new SplittableRandom(of.hashCode() * 0x9E3779B97F4A7C15L);
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
    }
    return suffix.toString();
  }
}
