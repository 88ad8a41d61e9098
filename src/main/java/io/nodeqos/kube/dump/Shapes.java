// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import static io.nodeqos.kube.dump.Shape.ALL;
import static io.nodeqos.kube.dump.Shape.each;
import static io.nodeqos.kube.dump.Shape.fields;
import static io.nodeqos.kube.dump.Shape.keys;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeAnnotations;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The shapes of all kinds in a dump: what decisions and their explanations need. There are no
 * environment variables, no commands, no arguments, no messages of containers that have ended, and
 * no annotations but those that decisions read.
 */
final class Shapes {
  private static final Predicate<String> OWN = key -> key.startsWith(Keys.PREFIX);

  private static final Shape RESOURCES = fields("requests");

  private static final Shape IMAGE_VOLUMES = each(fields(Map.of("image", fields("reference"))));

  private static final Shape CONTAINERS =
      each(fields(Map.of("name", ALL, "image", ALL, "restartPolicy", ALL, "resources", RESOURCES)));

  private static final Shape ENDED = fields("reason", "exitCode", "startedAt", "finishedAt");

  private Shapes() {}

  private static Shape meta(Predicate<String> annotations, Shape labels) {
    return fields(
        Map.ofEntries(
            Map.entry("name", ALL),
            Map.entry("namespace", ALL),
            Map.entry("uid", ALL),
            Map.entry("resourceVersion", ALL),
            Map.entry("generation", ALL),
            Map.entry("creationTimestamp", ALL),
            Map.entry("deletionTimestamp", ALL),
            Map.entry("finalizers", ALL),
            Map.entry("labels", labels),
            Map.entry("annotations", keys(annotations)),
            Map.entry("ownerReferences", each(fields("apiVersion", "kind", "uid", "controller")))));
  }

  private static Shape object(Map<String, Shape> others) {
    return object(OWN, others);
  }

  private static Shape object(Predicate<String> annotations, Map<String, Shape> others) {
    Map<String, Shape> shapes = new HashMap<>(others);
    shapes.put("metadata", meta(annotations, ALL));
    return fields(shapes);
  }

  /**
   * Of a Node.
   *
   * @param extraAnnotations see {@link NodeAnnotations}
   */
  static Shape node(Set<String> extraAnnotations) {
    return object(
        new NodeAnnotations(extraAnnotations),
        Map.of(
            "spec", fields("taints", "unschedulable"),
            "status",
                fields(
                    Map.of(
                        "capacity", ALL,
                        "allocatable", ALL,
                        "conditions", ALL,
                        "images", each(fields("names")),
                        "nodeInfo",
                            fields(
                                "bootID",
                                "kubeletVersion",
                                "containerRuntimeVersion",
                                "kernelVersion",
                                "osImage",
                                "architecture",
                                "operatingSystem")))));
  }

  static Shape csiNode() {
    return object(Map.of("spec", fields(Map.of("drivers", each(fields("name"))))));
  }

  static Shape namespace() {
    Shape labels = keys(OWN.or("kubernetes.io/metadata.name"::equals));
    return fields(Map.of("metadata", meta(OWN, labels)));
  }

  /** Of a policy, of which every field counts. */
  static Shape policy() {
    return object(Map.of("spec", ALL, "status", ALL));
  }

  static Shape revision() {
    return object(Map.of("data", ALL, "revision", ALL));
  }

  static Shape pod() {
    return pod(fields("reason"));
  }

  /** Of a spinner's pod: the message of a failed pull is part of a condition of the node. */
  static Shape spinnerPod() {
    return pod(fields("reason", "message"));
  }

  private static Shape pod(Shape waiting) {
    Shape state = fields(Map.of("waiting", waiting, "running", ALL, "terminated", ENDED));
    Shape statuses =
        each(
            fields(
                Map.of(
                    "name", ALL,
                    "ready", ALL,
                    "restartCount", ALL,
                    "image", ALL,
                    "imageID", ALL,
                    "state", state,
                    "lastState", state,
                    "allocatedResources", ALL,
                    "resources", RESOURCES)));
    return object(
        Map.of(
            "spec",
                fields(
                    Map.of(
                        "nodeName", ALL,
                        "priorityClassName", ALL,
                        "tolerations", ALL,
                        "overhead", ALL,
                        "resources", RESOURCES,
                        "containers", CONTAINERS,
                        "initContainers", CONTAINERS,
                        "volumes", IMAGE_VOLUMES)),
            "status",
                fields(
                    Map.of(
                        "phase", ALL,
                        "reason", ALL,
                        "conditions", ALL,
                        "containerStatuses", statuses,
                        "initContainerStatuses", statuses,
                        "ephemeralContainerStatuses", statuses,
                        "allocatedResources", ALL,
                        "resources", RESOURCES))));
  }

  static Shape daemonSet() {
    Shape podSpec =
        fields(
            Map.of(
                "nodeName", ALL,
                "nodeSelector", ALL,
                "affinity", fields("nodeAffinity"),
                "tolerations", ALL,
                "containers", CONTAINERS,
                "initContainers", CONTAINERS,
                "volumes", IMAGE_VOLUMES));
    Shape template = fields(Map.of("metadata", fields("labels"), "spec", podSpec));
    return object(
        Map.of("spec", fields(Map.of("selector", ALL, "template", template)), "status", ALL));
  }

  static Shape lease() {
    return object(Map.of("spec", ALL));
  }

  static Shape event() {
    return object(
        Map.ofEntries(
            Map.entry("involvedObject", ALL),
            Map.entry("related", ALL),
            Map.entry("reason", ALL),
            Map.entry("message", ALL),
            Map.entry("type", ALL),
            Map.entry("action", ALL),
            Map.entry("reportingComponent", ALL),
            Map.entry("firstTimestamp", ALL),
            Map.entry("lastTimestamp", ALL),
            Map.entry("eventTime", ALL),
            Map.entry("count", ALL),
            Map.entry("series", ALL)));
  }
}
