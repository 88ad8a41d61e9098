// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.LeaderTermsAudit;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.fixture.Alone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Images, rollouts, a pulled cable and tenants' connections, on three nodes that enforce network
 * policies: the kubelets' probes and the way to the API work under the manifests' policy.
 */
@ExtendWith({EnforcingClusterExtension.class, ControllerImageExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Alone
class ClusterChangesIT {
  private static final List<String> NODES = List.of("node1", "node2", "node3");
  private static final String PRIVATE = "10.200.0.1:5001/lab:1";
  private static final String MISSING = "registry.example.com/missing:1";
  private static final String TAINT = "nodeqos.io/warming-up";

  private final ControllerImage image;
  private final Cluster cluster;
  private final Product product;
  private final Tenants tenants;
  private final Images images;
  private final Rollout rollout;

  ClusterChangesIT(ControllerImage image, Cluster cluster) {
    this.image = image;
    this.cluster = cluster;
    this.product = new Product(cluster);
    this.tenants = new Tenants(cluster);
    this.images = new Images(cluster);
    this.rollout = new Rollout(cluster, product);
  }

  @BeforeAll
  void install() {
    product.install(image, "previous");
    tenants.installAgent();
    product.awaitReplicas();
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  @Test
  @Order(1)
  void imagesAreOnANodeBeforeItsTenantsAndAMissingOneHoldsUpOnlyItsNode() {
    String refused = images.refusalWithoutSecret(PRIVATE);
    images.addSecret(Product.NAMESPACE);
    images.prepull("prepull", 10, "{}", "registry.example.com/lab:1", PRIVATE);
    images.prepull("broken", 20, "{matchLabels: {kubernetes.io/hostname: node3}}", MISSING);
    List<String> added = new ArrayList<>();
    NODES.forEach(node -> added.add(tenants.add(node)));

    product.configureNodes(NODES.size());
    tenants.awaitRunningAfterAgent(added.get(0), Instant.EPOCH);
    tenants.awaitRunningAfterAgent(added.get(1), Instant.EPOCH);

    assertTrue(refused.contains("401") || refused.contains("authorization"), refused);
    for (String node : List.of("node1", "node2")) {
      Poll.until("private image on " + node, 60, () -> images.on(node), on -> on.contains(PRIVATE));
    }
    String waiting =
        Poll.until(
            "failed pull in the condition of node3",
            60,
            () -> message("node3", "nodeqos.io/WarmedUp"),
            text -> text.contains("cannot be pulled"));
    assertTrue(waiting.contains("image " + MISSING + " cannot be pulled, see pod "), waiting);
    cluster
        .kubectl(
            "wait",
            "nqp/broken",
            "--for=jsonpath={.status.conditions[?(@.type==\"ImagesPulled\")].reason}=ImagePullFailed",
            "--timeout=60s")
        .succeeded();
    assertTrue(cluster.get("node", "node3").toString().contains(TAINT));
    assertFalse(
        cluster.get("pod", added.get(2)).getAsJsonObject("spec").has("nodeName"),
        "a tenant on a node without its images");

    cluster.kubectl("delete", "nqp/broken").succeeded();
    tenants.awaitRunningAfterAgent(added.get(2), Instant.EPOCH);
  }

  /** The manifests alone have no admission policies. */
  @Test
  @Order(2)
  void theLeaderReportsThatTheApiServerEnforcesNoFence() {
    Poll.until(
        "report of the missing fence",
        60,
        () -> product.log(product.leader()),
        log -> log.contains("The API server enforces no fence"));
  }

  @Test
  @Order(3)
  void aRestartReplacesOneReplicaAfterTheOtherAndWritesToNoWarmNode() {
    rollout.run(product::restart, NODES);
  }

  /**
   * The new node has its taint from the admission policy alone: neither kubelet nor policy put it.
   */
  @Test
  @Order(4)
  void anUpgradeLeavesWarmNodesAloneWhileANewNodeOfAnAdmissionPolicyWarmsUp() {
    cluster
        .kubectl("apply", "--server-side", "-f", "manifests/admission/startup-taint.yaml")
        .succeeded();
    List<String> warm = new ArrayList<>(NODES);
    String leaders = product.nodeOf(product.leader());
    String node = warm.stream().filter(each -> !each.equals(leaders)).findFirst().orElseThrow();
    warm.remove(node);
    cluster.drain(node);
    product.awaitReplicas();
    cluster.node(node, "off");
    cluster.kubectl("delete", "node", node).succeeded();
    String tenant = tenants.add(node);
    Instant boot = Instant.now();

    cluster.node(node, "wipe-labelled");
    rollout.run(() -> product.install(image, "next"), warm);

    tenants.awaitRunningAfterAgent(tenant, boot);
    assertTrue(cluster.get("node", node).toString().contains("nodeqos.io/taint-at-creation"));
    product.configureAllNodes();
  }

  @Test
  @Order(5)
  void anotherReplicaLeadsWhileTheCableOfTheLeadersNodeIsPulledAndTheyNeverBothWrite()
      throws InterruptedException {
    String old = product.leader();
    String node = product.nodeOf(old);

    cluster.node(node, "unplug");

    Instant unplugged = Instant.now();
    String next;
    try {
      next = product.awaitLeader(unplugged, pod -> !pod.equals(old));
      product.configureAllNodes();
      // Shorter than it takes until pods are evicted from a silent node.
      Duration left = Duration.between(Instant.now(), unplugged.plusSeconds(40));
      TimeUnit.MILLISECONDS.sleep(Math.max(0, left.toMillis()));
    } finally {
      cluster.node(node, "plug");
    }
    Instant plugged = Instant.now();
    cluster.kubectl("wait", "node/" + node, "--for=condition=Ready", "--timeout=60s").succeeded();
    product.awaitReplicas();
    product.configureAllNodes();
    assertEquals(next, product.awaitLeader(Instant.now(), any -> true));
    List<Entry> entries = cluster.audit().entries();
    assertEquals(List.of(), LeaderTermsAudit.of(entries, List.of()).overlapping());
    assertEquals(
        List.of(),
        entries.stream()
            .filter(entry -> entry.writesNode() && entry.received().isAfter(plugged))
            .filter(entry -> !entry.pod().equals(next))
            .toList());
  }

  @Test
  @Order(6)
  void tenantsDoNotReachTheControllerUnlessItsNetworkPolicyGoes() {
    String controller = address(product.pods().get(0));
    String agent = address(tenants.agent("node1"));

    assertEquals("Succeeded", tenants.dial(agent));
    assertEquals("Failed", tenants.dial(controller));
    cluster
        .kubectl("delete", "networkpolicy", "--all", "--namespace=" + Product.NAMESPACE)
        .succeeded();
    Poll.until("way to the controller", 60, () -> tenants.dial(controller), "Succeeded"::equals);
  }

  private static String address(JsonObject pod) {
    return pod.getAsJsonObject("status").get("podIP").getAsString() + ":8080";
  }

  /** The message of a condition of a node, "" when it has none. */
  private String message(String node, String type) {
    for (JsonElement each :
        cluster.get("node", node).getAsJsonObject("status").getAsJsonArray("conditions")) {
      JsonObject condition = each.getAsJsonObject();
      if (condition.get("type").getAsString().equals(type)) {
        return condition.get("message").getAsString();
      }
    }
    return "";
  }
}
