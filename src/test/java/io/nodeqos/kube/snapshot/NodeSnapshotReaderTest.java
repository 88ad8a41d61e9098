// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.node.PodView;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node of the embedded API. */
class NodeSnapshotReaderTest {
  private static final Controller CONTROLLER = new Controller("nodeqos-system", Optional.empty());

  @TempDir Path directory;

  private final SimCluster cluster = new SimCluster();

  @BeforeEach
  void prepare() {
    cluster.installPolicyDefinition();
    cluster.node("a");
    cluster.node("b");
    cluster.pod("kube-system", "cni", "a");
    cluster.pod("kube-system", "cni-b", "b");
    cluster.daemonSet("kube-system", "cni");
    cluster.create(
        "/apis/storage.k8s.io/v1/csinodes",
        """
        {"kind":"CSINode","apiVersion":"storage.k8s.io/v1","metadata":{"name":"a"},
         "spec":{"drivers":[{"name":"csi.example.com","nodeID":"a"}]}}""");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Optional<Reading<NodeSnapshot>> read(String node) throws IOException {
    return NodeSnapshotReader.of(TestClients.watch(directory, cluster.url()), Pauses.system())
        .read(node, CONTROLLER);
  }

  private List<String> requested() {
    return cluster.server.requests().all().stream()
        .filter(r -> r.userAgent().startsWith("node-qos-controller"))
        .map(r -> r.resource())
        .toList();
  }

  private void policy(String warmUp) {
    cluster.create(
        "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
        """
        {"kind":"NodeQoSPolicy","apiVersion":"nodeqos.io/v1alpha1","metadata":{"name":"base"},
         "spec":{"warmUp":%s}}"""
            .formatted(warmUp));
  }

  @Test
  void objectsOfTheNodeAloneAreReadWithFiveRequests() throws IOException {
    policy(
        """
        {"csiDrivers":[{"name":"csi.example.com"}],"images":{},
         "reservedPods":[{"namespace":"kube-system","selector":{}}]}""");

    NodeSnapshot snapshot = read("a").orElseThrow().value();

    ReservedNamespace reserved = snapshot.cluster().reserved().get("kube-system");
    assertEquals(List.of("cni"), reserved.pods().stream().map(PodView::name).toList());
    assertEquals(1, reserved.daemonSets().size());
    assertEquals(Map.of("a", Set.of("csi.example.com")), snapshot.cluster().csiDrivers());
    assertEquals(Set.of("kube-system/cni"), snapshot.pods().keySet(), "it is not Ready");
    assertEquals(
        List.of("nodes", "nodeqospolicies", "pods", "csinodes", "daemonsets"), requested());
  }

  @Test
  void onlyObjectsThatAGateNeedsAreRead() throws IOException {
    policy("{\"nodeReady\":{}}");

    assertTrue(read("a").isPresent());

    assertEquals(List.of("nodes", "nodeqospolicies", "pods"), requested());
  }

  @Test
  void storedVersionsAreReadWhileARolloutIsUnderWay() throws IOException {
    cluster.create(
        "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
        """
        {"kind":"NodeQoSPolicy","apiVersion":"nodeqos.io/v1alpha1","metadata":{"name":"new"},
         "spec":{"warmUp":{"nodeReady":{}},"rollout":{}}}""");

    assertTrue(read("a").orElseThrow().missing().isEmpty());

    assertEquals(List.of("nodes", "nodeqospolicies", "controllerrevisions"), requested());
  }

  @Test
  void unknownNodeIsOneRequest() throws IOException {
    assertEquals(Optional.empty(), read("c"));
    assertEquals(List.of("nodes"), requested());
  }
}
