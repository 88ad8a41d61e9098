// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot of the embedded API. */
class SnapshotReaderTest {
  private static final String OWN = "nodeqos-system";

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final SimCluster cluster = new SimCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private SnapshotReader reader() {
    return SnapshotReader.of(
        TestClients.watch(directory, cluster.url()), Pauses.system(), ListReader.Progress.NONE);
  }

  private ClusterSnapshot read(boolean extendedRequests) throws IOException {
    Controller controller = reader().controller(OWN).value();
    Reading<ClusterSnapshot> read =
        reader().read(new Wanted(controller, KubeSettings.defaults(), extendedRequests));
    assertEquals(List.of(), read.missing());
    return read.value();
  }

  @Test
  void everythingThatDecisionsDependOnIsInIt() throws IOException {
    cluster.installPolicyDefinition();
    cluster.namespace(OWN, "");
    cluster.namespace("storage", "\"nodeqos.io/reserved\":\"true\"");
    cluster.namespace("tenant", "");
    cluster.node("a");
    cluster.node("b");
    cluster.pod("kube-system", "cni", "a");
    cluster.pod("storage", "csi", "b");
    cluster.pod("tenant", "web", "a");
    cluster.daemonSet("storage", "csi");
    cluster.policy("base");
    cluster.create(
        "/apis/storage.k8s.io/v1/csinodes",
        """
        {"kind":"CSINode","apiVersion":"storage.k8s.io/v1","metadata":{"name":"a"},
         "spec":{"drivers":[{"name":"csi.example.com","nodeID":"a"}]}}""");
    cluster.create(
        "/api/v1/namespaces/nodeqos-system/configmaps",
        """
        {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"node-qos-controller"},
         "data":{"config.yaml":"queue: {workers: 3}"}}""");

    ClusterSnapshot snapshot = read(false);

    assertEquals(new Controller(OWN, Optional.of("queue: {workers: 3}")), snapshot.controller());
    assertEquals(
        List.of("a", "b"), snapshot.nodes().stream().map(NodeView::name).sorted().toList());
    assertEquals(Map.of("a", Set.of("csi.example.com")), snapshot.csiDrivers());
    assertEquals(Set.of("kube-system", "storage"), snapshot.reserved().keySet());
    assertTrue(snapshot.reserved().get("storage").readable());
    assertEquals(
        List.of("csi"),
        snapshot.reserved().get("storage").pods().stream()
            .map(PodView::meta)
            .map(PodView.Meta::name)
            .toList());
    assertEquals(1, snapshot.reserved().get("storage").daemonSets().size());
    assertEquals(
        List.of("base"),
        snapshot.policies().objects().stream()
            .map(PolicyObject::meta)
            .map(PolicyObject.Meta::name)
            .toList());
    assertEquals(Optional.empty(), snapshot.extendedRequests(), "they were not asked for");
  }

  @Test
  void requestsOfOurExtendedResourcesAreReadFromAllNamespaces() throws IOException {
    cluster.installPolicyDefinition();
    cluster.namespace("tenant", "");
    cluster.pod("tenant", "web", "a");
    cluster.create(
        "/api/v1/namespaces/tenant/pods",
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"train"},"spec":{"nodeName":"a",
         "initContainers":[
          {"name":"sidecar","image":"i","restartPolicy":"Always",
           "resources":{"requests":{"nodeqos.io/gold-cpu":"100"}}},
          {"name":"setup","image":"i","resources":{"requests":{"nodeqos.io/gold-cpu":"4k"}}}],
         "containers":[
          {"name":"c","image":"i","resources":{"requests":
           {"nodeqos.io/gold-cpu":"1500","nodeqos.io/gold-memory":"1Gi","example.com/gpu":"1"}}},
          {"name":"d","image":"i","resources":{"requests":{"nodeqos.io/gold-cpu":"500"}}}]}}""");

    assertEquals(
        Optional.of(
            List.of(
                new ExtendedRequest(
                    "tenant",
                    "train",
                    "a",
                    Map.of(
                        "nodeqos.io/gold-cpu", Quantity.of(4100),
                        "nodeqos.io/gold-memory", Quantity.of(1L << 30))))),
        read(true).extendedRequests());
  }

  @Test
  void listsThatTheUserMustNotReadAreNamed() throws IOException {
    String status =
        "{\"kind\":\"Status\",\"message\":\"%s is forbidden: User \\\"eve\\\" cannot list it\"}";
    server.stubFor(
        get(anyUrl()).willReturn(ok("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}")));
    server.stubFor(
        get(urlPathEqualTo("/api/v1/namespaces"))
            .willReturn(
                ok(
                    "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":"
                        + "{\"name\":\"kube-system\",\"resourceVersion\":\"1\"}}]}")));
    for (String path :
        List.of(
            "/apis/storage.k8s.io/v1/csinodes",
            "/api/v1/namespaces/kube-system/pods",
            "/api/v1/pods")) {
      server.stubFor(
          get(urlPathEqualTo(path))
              .willReturn(aResponse().withStatus(403).withBody(status.formatted("This"))));
    }
    Controller controller = new Controller(OWN, Optional.empty());

    Reading<ClusterSnapshot> read =
        SnapshotReader.of(
                TestClients.watch(directory, server.baseUrl()),
                Pauses.system(),
                ListReader.Progress.NONE)
            .read(new Wanted(controller, KubeSettings.defaults(), true));

    String forbidden =
        " cannot be read (HTTP 403: This is forbidden: User \"eve\" cannot list it): ";
    assertEquals(
        List.of(
            "The csinodes" + forbidden + "no node counts as one with a CSI driver",
            "The pods of namespace kube-system"
                + forbidden
                + "the state of that namespace counts as unknown",
            "The pods"
                + forbidden
                + "the extended resources that running pods request are not known"),
        read.missing());
    assertFalse(read.value().reserved().get("kube-system").readable());
    assertEquals(Optional.empty(), read.value().extendedRequests());
  }

  @Test
  void clusterWithoutThePolicyDefinitionIsNamed() {
    SnapshotException e = assertThrows(SnapshotException.class, () -> read(false));

    assertTrue(e.getMessage().startsWith("This cluster has no NodeQoSPolicies: "), e.getMessage());
    assertTrue(e.getMessage().endsWith("is not installed"), e.getMessage());
  }

  @Test
  void missingSettingsAreNamed() throws IOException {
    cluster.namespace(OWN, "");

    Reading<Controller> controller = reader().controller(OWN);

    assertEquals(Optional.empty(), controller.value().settings());
    assertEquals(
        List.of(
            "ConfigMap nodeqos-system/node-qos-controller does not exist: all settings of the"
                + " controller count as their defaults"),
        controller.missing());
  }

  @Test
  void serverThatDoesNotAnswerIsOneSentence() {
    cluster.close();

    SnapshotException e = assertThrows(SnapshotException.class, () -> reader().controller(OWN));

    assertTrue(e.getMessage().contains("no connection to the API server"), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }
}
