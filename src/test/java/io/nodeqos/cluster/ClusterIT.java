// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.fixture.Alone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of an installation on three nodes with containers, from {@code hack/cluster demo} to its
 * end.
 */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Alone
class ClusterIT {
  private static final List<String> NODES = List.of("node1", "node2", "node3");
  private static final String TAINT = "nodeqos.io/warming-up";

  private final ControllerImage image;
  private final Cluster cluster;
  private final Product product;
  private final Tenants tenants;

  ClusterIT(ControllerImage image, Cluster cluster) {
    this.image = image;
    this.cluster = cluster;
    this.product = new Product(cluster);
    this.tenants = new Tenants(cluster);
  }

  @BeforeAll
  void install() {
    cluster.demo(image);
  }

  /** Other classes of the run do not share the machine with it longer than they must. */
  @AfterAll
  void end() {
    cluster.close();
  }

  @Test
  @Order(1)
  void threeReplicasGetReadyOnNodesThatStillCarryTheStartupTaint() {
    Set<String> used = new HashSet<>();
    for (JsonObject pod : product.pods()) {
      String node = nodeOf(pod);
      used.add(node);
      Instant marked = markOf(node, bootId(node)).orElseThrow();
      assertFalse(marked.isBefore(Cluster.conditionSince(pod, "Ready")), node);
    }
    assertEquals(Set.copyOf(NODES), used, "the nodes of the replicas");
  }

  @Test
  @Order(2)
  void tenantsWaitOnEachNewNodeUntilItsAgentIsReady() {
    Set<String> used = new HashSet<>();
    for (JsonObject tenant : tenants.ofDemo()) {
      used.add(nodeOf(tenant));
      tenants.awaitRunningAfterAgent(nameOf(tenant), Instant.EPOCH);
    }

    assertEquals(Set.copyOf(NODES), used, "the nodes of the tenants");
    NODES.forEach(node -> assertFalse(isTainted(node), node));
    product.configureAllNodes();
  }

  @Test
  @Order(3)
  void anotherReplicaLeadsWhenThePodOfTheLeaderIsDeleted() {
    String old = product.leader();

    cluster.kubectl("delete", "pod", old, "--namespace=" + Product.NAMESPACE).succeeded();

    product.awaitLeader(Instant.now(), pod -> !pod.equals(old));
    product.configureAllNodes();
    product.awaitReplicas();
  }

  @Test
  @Order(4)
  void aLeaderThatWasKilledIsStartedAgainAndTheWorkGoesOn() {
    String leader = product.leader();
    int before = product.restarts(leader);
    Instant killed = Instant.now();

    cluster.signal(Product.NAMESPACE, leader, "KILL");

    Poll.until("new container", 60, () -> product.restarts(leader), count -> count > before);
    product.awaitLeader(killed, any -> true);
    product.configureAllNodes();
    product.awaitReplicas();
  }

  @Test
  @Order(5)
  void aLeaderThatHangsLosesTheLeaseAndTheLivenessProbeEndsIt() {
    String hung = product.leader();
    int before = product.restarts(hung);

    cluster.signal(Product.NAMESPACE, hung, "STOP");

    product.awaitLeader(Instant.now(), pod -> !pod.equals(hung));
    product.configureAllNodes();
    // Three probes that fail, and the grace period.
    Poll.until("new container", 180, () -> product.restarts(hung), count -> count > before);
    product.awaitReplicas();
  }

  @Test
  @Order(6)
  void aNodeWithANewDiskThatRegistersAgainIsANewNode() {
    String node = nodeWithoutTheLeader();
    cluster.node(node, "off");
    cluster.kubectl("delete", "node", node).succeeded();
    Instant boot = Instant.now();

    cluster.node(node, "wipe");

    tenants.awaitRunningAfterAgent(tenants.add(node), boot);
    product.awaitReplicas();
    product.configureAllNodes();
  }

  /** Of a node that is younger than the policy, as the taint comes back on no other. */
  @Test
  @Order(7)
  void aRebootTakesTheMarkAndTenantsWaitForTheAgentOfTheNewBoot() {
    String node = youngestNode();
    String before = bootId(node);
    Instant boot = Instant.now();

    cluster.node(node, "reboot");

    Poll.until("new boot", 60, () -> bootId(node), id -> !id.equals(before));
    Poll.until("startup taint after the reboot", 60, () -> isTainted(node), is -> is);
    tenants.awaitRunningAfterAgent(tenants.add(node), boot);
    assertFalse(isTainted(node));
    product.awaitReplicas();
  }

  @Test
  @Order(8)
  void anotherReplicaLeadsWhenTheNodeOfTheLeaderLosesPower() {
    String old = product.leader();
    String node = nodeOf(old);
    String before = bootId(node);
    Instant boot = Instant.now();

    cluster.node(node, "off");

    product.awaitLeader(Instant.now(), pod -> !pod.equals(old));
    product.configureAllNodes();
    cluster.node(node, "on");
    String now = Poll.until("new boot", 60, () -> bootId(node), id -> !id.equals(before));
    Instant marked = Poll.until("mark", 60, () -> markOf(node, now), Optional::isPresent).get();
    tenants.assertAgentWasReady(node, boot, marked);
    product.awaitReplicas();
  }

  @Test
  @Order(9)
  void aRestartOfTheApiServerAfterAQuietMinuteEndsNoReplica() throws InterruptedException {
    Map<String, Integer> before = restartsOfAll();
    // Connections have been idle for longer than most timeouts of clients.
    TimeUnit.SECONDS.sleep(60);

    cluster.restartApi();

    product.configureAllNodes();
    product.awaitLeader(Instant.now(), any -> true);
    assertEquals(before, restartsOfAll());
  }

  @Test
  @Order(10)
  void theBudgetAllowsOneEvictionAtATimeAndANodeCanBeDrained() {
    List<String> names = new ArrayList<>(restartsOfAll().keySet());

    assertEquals("", cluster.evict(Product.NAMESPACE, names.get(0)));
    String refused = cluster.evict(Product.NAMESPACE, names.get(1));

    assertTrue(refused.contains("disruption budget"), refused);
    product.awaitReplicas();
    String node = nodeOf(product.leader());
    cluster.drain(node);
    product.awaitReplicas();
    assertNotEquals(node, nodeOf(product.awaitLeader(Instant.now(), any -> true)));
    cluster.kubectl("uncordon", node).succeeded();
    product.configureAllNodes();
  }

  @Test
  @Order(11)
  void anUninstallLeavesNothing() {
    tenants.deleteAll();
    product.deletePolicy();
    product.uninstall();

    product.assertNothingLeft();
  }

  private Map<String, Integer> restartsOfAll() {
    Map<String, Integer> restarts = new HashMap<>();
    for (JsonObject pod : product.pods()) {
      restarts.put(nameOf(pod), Cluster.containerStatus(pod).get("restartCount").getAsInt());
    }
    return restarts;
  }

  private String nodeOf(String pod) {
    return nodeOf(product.pod(pod));
  }

  private static String nodeOf(JsonObject pod) {
    return pod.getAsJsonObject("spec").get("nodeName").getAsString();
  }

  private static String nameOf(JsonObject pod) {
    return pod.getAsJsonObject("metadata").get("name").getAsString();
  }

  private String nodeWithoutTheLeader() {
    String its = nodeOf(product.leader());
    for (String node : NODES) {
      if (!node.equals(its)) {
        return node;
      }
    }
    return fail("the leader is on each node");
  }

  private String youngestNode() {
    return Cluster.items(cluster.get("nodes")).stream()
        .map(node -> node.getAsJsonObject("metadata"))
        .max(Comparator.comparing(metadata -> metadata.get("creationTimestamp").getAsString()))
        .orElseThrow()
        .get("name")
        .getAsString();
  }

  /** When the node got its mark for this boot, if it has that. */
  private Optional<Instant> markOf(String node, String bootId) {
    JsonObject metadata = cluster.get("node", node).getAsJsonObject("metadata");
    JsonObject annotations = metadata.getAsJsonObject("annotations");
    return metadata.getAsJsonObject("labels").has("nodeqos.io/warmed-up")
            && annotations.get("nodeqos.io/warmed-up-for").getAsString().endsWith(bootId)
        ? Optional.of(Instant.parse(annotations.get("nodeqos.io/warmed-up-at").getAsString()))
        : Optional.empty();
  }

  private String bootId(String node) {
    return cluster
        .get("node", node)
        .getAsJsonObject("status")
        .getAsJsonObject("nodeInfo")
        .get("bootID")
        .getAsString();
  }

  private boolean isTainted(String node) {
    JsonObject spec = cluster.get("node", node).getAsJsonObject("spec");
    return spec.has("taints") && spec.get("taints").toString().contains(TAINT);
  }
}
