// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Poll;
import java.util.List;
import java.util.stream.Collectors;

/** Policies with images, and the images on nodes. */
final class Images {
  private static final String POLICY =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: %s}
      spec:
        priority: %d
        nodeSelector: %s
        images:
        %s
        warmUp:
          taintKey: nodeqos.io/warming-up
          stableFor: 2s
          nodeReady: {}
          reservedPods:
          - namespace: kube-system
            selector: {matchLabels: {app: agent}}
          images: {}
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: uninvited}
      spec:
        tolerations: [{operator: Exists}]
        terminationGracePeriodSeconds: 1
        containers: [{name: uninvited, image: "%s"}]
      """;

  private final Cluster cluster;

  Images(Cluster cluster) {
    this.cluster = cluster;
  }

  /** A policy whose warm-up waits for these images. */
  void prepull(String policy, int priority, String nodes, String... refs) {
    String images =
        List.of(refs).stream()
            .map("- {ref: \"%s\", pull: Always, pullSecrets: [registry]}"::formatted)
            .collect(Collectors.joining("\n  "));
    cluster.apply(POLICY.formatted(policy, priority, nodes, images));
  }

  /** The credentials for the registry that asks for some. */
  void addSecret(String namespace) {
    cluster
        .kubectl(
            "create",
            "secret",
            "docker-registry",
            "registry",
            "--namespace=" + namespace,
            "--docker-server=10.200.0.1:5001",
            "--docker-username=lab",
            "--docker-password=lab")
        .succeeded();
  }

  /** The kubelet's words about a pod without credentials. */
  String refusalWithoutSecret(String ref) {
    cluster.apply(POD.formatted(ref));
    String words =
        Poll.until("refusal", 60, this::waiting, text -> text.startsWith("ErrImagePull"));
    cluster.kubectl("delete", "pod", "uninvited").succeeded();
    return words;
  }

  private String waiting() {
    return cluster
        .kubectl(
            "get",
            "pod",
            "uninvited",
            "-o",
            "jsonpath={.status.containerStatuses[0].state.waiting['reason','message']}")
        .succeeded()
        .out();
  }

  /** The images of a node's status, which the kubelet adds some seconds after its start. */
  String on(String node) {
    JsonObject status = cluster.get("node", node).getAsJsonObject("status");
    return status.has("images") ? status.get("images").toString() : "";
  }
}
