// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.explain.PodTrouble;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single pods of the embedded API. */
class PodStatusClientTest {
  private static final String PODS = "/api/v1/namespaces/kube-system/pods";

  @TempDir Path directory;

  private final SimCluster cluster = new SimCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private PodStatusClient client() {
    return new PodStatusClient(TestClients.watch(directory, cluster.url()), TimeSource.system());
  }

  @Test
  void onePodIsReadByItsName() throws IOException {
    cluster.pod("kube-system", "cni", "a");
    cluster.pod("kube-system", "other", "a");

    assertEquals("cni", client().pod("kube-system", "cni").map(PodTrouble::name).orElse(""));
    assertEquals(Optional.empty(), client().pod("kube-system", "gone"));
  }

  @Test
  void podOfADaemonSetThatIsNotScheduledIsFoundByItsNode() throws IOException {
    pending("cni-a", "uid-1", "a");
    pending("cni-b", "uid-1", "b");
    pending("csi-b", "uid-2", "b");

    Optional<PodTrouble> found = client().unscheduled("kube-system", "uid-1", "b");

    assertEquals("cni-b", found.map(PodTrouble::name).orElse(""));
    assertEquals("Unschedulable", found.map(PodTrouble::reason).orElse(""));
    assertEquals(Optional.empty(), client().unscheduled("kube-system", "uid-2", "a"));
  }

  private void pending(String name, String owner, String node) {
    cluster.create(
        PODS,
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%s","ownerReferences":[
           {"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","uid":"%s","controller":true}]},
         "spec":{"containers":[{"name":"c","image":"i"}],"affinity":{"nodeAffinity":
           {"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":
             [{"key":"metadata.name","operator":"In","values":["%s"]}]}]}}}}}"""
            .formatted(name, owner, node));
    cluster.merge(
        PODS + "/" + name + "/status",
        """
        {"status":{"conditions":[{"type":"PodScheduled","status":"False",
          "reason":"Unschedulable","message":"Insufficient cpu."}]}}""");
  }

  @Test
  void serverThatIsAwayIsAClause() {
    PodStatusClient client = client();
    cluster.close();

    IOException thrown = assertThrows(IOException.class, () -> client.pod("kube-system", "cni"));
    assertTrue(!thrown.getMessage().isEmpty() && !thrown.getMessage().endsWith("."));
  }
}
