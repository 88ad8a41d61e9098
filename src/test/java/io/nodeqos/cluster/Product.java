// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.realapi.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The controller on a cluster, installed by its manifests and with its image. */
final class Product {
  static final String NAMESPACE = "nodeqos-system";
  private static final String NAME = "node-qos-controller";
  private static final String POLICY =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: base}
      spec:
        deletionPolicy: Remove
        reservation: {cpu: %dm}
        quota:
          classes:
          - {name: gold, advertise: {cpu: "50%%"}}
        warmUp:
          taintKey: nodeqos.io/warming-up
          taintNewNodes: true
          stableFor: 2s
          nodeReady: {}
          reservedPods:
          - namespace: kube-system
            selector: {matchLabels: {app: agent}}
      """;

  private final Cluster cluster;
  private final Path overlay = Path.of("target", "cluster-overlay");
  private int reservation = 100;

  Product(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Applies the manifests, with the digest of this image.
   *
   * @param repository where the cluster has it: pods of another repository are replaced
   */
  void install(ControllerImage controller, String repository) {
    String[] image = cluster.load(controller.tar(), repository + ":it").split("@");
    try {
      Files.createDirectories(overlay);
      Files.writeString(
          overlay.resolve("kustomization.yaml"),
          """
          apiVersion: kustomize.config.k8s.io/v1beta1
          kind: Kustomization
          resources: [../../manifests]
          images:
          - {name: %s, newName: "%s", digest: "%s"}
          """
              .formatted(NAME, image[0], image[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // A namespace and a CRD that were just made are not at once known everywhere.
    Poll.until(
        "complete kubectl apply",
        60,
        () -> cluster.kubectl("apply", "--server-side", "-k", overlay.toString()),
        applied -> applied.code() == 0);
  }

  /** Deletes all that {@link Cluster#demo} has installed of it, and waits until it is gone. */
  void uninstall() {
    cluster
        .kubectl("delete", "-k", cluster.kustomization().toString(), "--timeout=90s")
        .succeeded();
  }

  /** {@code nodeqos uninstall-check} in a pod of it. */
  Command uninstallCheck() {
    return cluster.kubectl(
        "exec",
        "deployment/" + NAME,
        "--namespace=" + NAMESPACE,
        "--",
        "java",
        "-Xmx32m",
        "-jar",
        "/app/node-qos-controller.jar",
        "uninstall-check");
  }

  /** On nodes, of its own objects and of its kind. */
  void assertNothingLeft() {
    for (JsonObject node : Cluster.items(cluster.get("nodes"))) {
      // The labels and annotations of managedFields are those that were there once.
      node.getAsJsonObject("metadata").remove("managedFields");
      assertFalse(node.toString().contains("nodeqos.io/"), node::toString);
    }
    for (String kind : cluster.kinds()) {
      // Helm does not wait for the end of the pods.
      Poll.until(
          "end of all " + kind,
          60,
          () -> Cluster.items(cluster.get(kind, "-A", "-l", "app.kubernetes.io/name=" + NAME)),
          List::isEmpty);
      assertFalse(kind.endsWith(".nodeqos.io"), kind);
    }
  }

  /** Waits until all replicas of the Deployment are Ready. */
  void awaitReplicas() {
    cluster
        .kubectl(
            "rollout", "status", "deployment/" + NAME, "--namespace=" + NAMESPACE, "--timeout=120s")
        .succeeded();
  }

  /** The Deployment. */
  JsonObject deployment() {
    return cluster.get("deployment", NAME, "--namespace=" + NAMESPACE);
  }

  /** Makes the Deployment replace its pods. */
  void restart() {
    cluster
        .kubectl("rollout", "restart", "deployment/" + NAME, "--namespace=" + NAMESPACE)
        .succeeded();
  }

  /** Changes the policy and waits until every node has it and is warm. */
  void configureAllNodes() {
    configure();
    cluster.kubectl("wait", "nqp/base", "--for=condition=Available", "--timeout=60s").succeeded();
  }

  /** Makes the policy and waits until this many nodes have it, warm or not. */
  void configureNodes(int count) {
    configure();
    cluster
        .kubectl(
            "wait",
            "nqp/base",
            "--for=jsonpath={.status.nodes.configured}=" + count,
            "--timeout=60s")
        .succeeded();
  }

  private void configure() {
    reservation += 50;
    cluster.apply(POLICY.formatted(reservation));
  }

  /** Deletes it, and lets the brake go, which holds as every warm node loses its mark. */
  void deletePolicy() {
    cluster.kubectl("delete", "nqp/base", "--wait=false").succeeded();
    String token = Poll.until("brake", 60, this::brakeToken, Optional::isPresent).orElseThrow();
    cluster
        .kubectl("annotate", "--overwrite", "nqp/base", "nodeqos.io/confirm=" + token)
        .succeeded();
    cluster.kubectl("wait", "nqp/base", "--for=delete", "--timeout=60s").succeeded();
  }

  private Optional<String> brakeToken() {
    String token =
        cluster
            .kubectl("get", "nqp/base", "-o", "jsonpath={.status.brake.token}")
            .succeeded()
            .out();
    return Optional.of(token).filter(text -> !text.isEmpty());
  }

  /** The pods of the Deployment. */
  List<JsonObject> pods() {
    return Cluster.items(
        cluster.get("pods", "--namespace=" + NAMESPACE, "-l", "app.kubernetes.io/name=" + NAME));
  }

  JsonObject pod(String name) {
    return cluster.get("pod", name, "--namespace=" + NAMESPACE);
  }

  String log(String pod) {
    return cluster.kubectl("logs", pod, "--namespace=" + NAMESPACE).succeeded().out();
  }

  /** How often its container was started again. */
  int restarts(String pod) {
    return Cluster.containerStatus(pod(pod)).get("restartCount").getAsInt();
  }

  /** The name of the pod that holds the Lease. */
  String leader() {
    return awaitLeader(Instant.EPOCH, any -> true);
  }

  /** Waits for one that has renewed the Lease after this time, and returns its name. */
  String awaitLeader(Instant after, Predicate<String> wanted) {
    return holder(
        Poll.until(
            "leader",
            60,
            () -> cluster.get("lease", NAME, "--namespace=" + NAMESPACE).getAsJsonObject("spec"),
            lease ->
                lease.has("holderIdentity")
                    && wanted.test(holder(lease))
                    && Instant.parse(lease.get("renewTime").getAsString()).isAfter(after)));
  }

  /** The name of the node of a pod. */
  String nodeOf(String pod) {
    return pod(pod).getAsJsonObject("spec").get("nodeName").getAsString();
  }

  private static String holder(JsonObject lease) {
    return lease.get("holderIdentity").getAsString().split("_")[0];
  }
}
