// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.fixture.Alone;
import io.nodeqos.install.Helm;
import io.nodeqos.install.RealHelm;
import io.nodeqos.realapi.Command;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of a Helm release on three nodes with containers. */
@RealHelm
@ExtendWith({ChartClusterExtension.class, ControllerImageExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Alone
class ClusterChartIT {
  private static final List<String> NODES = List.of("node1", "node2", "node3");

  private final ControllerImage image;
  private final Cluster cluster;
  private final ChartRelease release;
  private final Product product;
  private final Tenants tenants;
  private final Rollout rollout;

  ClusterChartIT(ControllerImage image, Helm helm, Cluster cluster) {
    this.image = image;
    this.cluster = cluster;
    this.release = new ChartRelease(helm, cluster);
    this.product = new Product(cluster);
    this.tenants = new Tenants(cluster);
    this.rollout = new Rollout(cluster, product);
  }

  @BeforeAll
  void install() {
    tenants.installAgent();
    release.install(
        image, "crds.keep=false,admission.ownKeys=true,admission.fence=true,settings.workers=4");
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  @Test
  @Order(1)
  void threeReplicasOfTheChartWarmUpTheNodesBeforeTheirTenants() {
    String tenant = tenants.add("node1");

    product.configureAllNodes();

    assertEquals(3, product.deployment().getAsJsonObject("status").get("readyReplicas").getAsInt());
    tenants.awaitRunningAfterAgent(tenant, Instant.EPOCH);
  }

  @Test
  @Order(2)
  void anUpgradeWithAnotherValueReplacesThePodsAndLeavesWarmNodesAlone() {
    rollout.run(() -> release.upgrade("resources.requests.cpu=120m"), NODES);

    assertTrue(product.deployment().toString().contains("\"cpu\":\"120m\""));
    assertTrue(product.deployment().toString().contains("@sha256:"), "the other values stay");
  }

  /** By a dry run, which is no write to a node. */
  @Test
  @Order(3)
  void aLeaderThatChecksTheFenceOfTheChartIsRefused() {
    List<Entry> checks =
        Poll.until("check of the fence", 120, this::fenceChecks, list -> !list.isEmpty());

    for (Entry check : checks) {
      assertEquals(403, check.code(), check::uri);
    }
  }

  private List<Entry> fenceChecks() {
    return cluster.audit().entries().stream().filter(e -> e.uri().contains("dryRun=All")).toList();
  }

  @Test
  @Order(4)
  void anUninstallThatWouldLeaveAPolicyForEverEndsWithASentenceAndRemovesNothing() {
    Command refused = release.uninstall();

    assertNotEquals(0, refused.code());
    String output = refused.out() + refused.error();
    assertTrue(
        output.contains(
            "Policy base has deletionPolicy Remove and is not being deleted. Run: kubectl delete nqp"
                + " base"),
        output);
    Command asked = product.uninstallCheck();
    assertEquals(5, asked.code());
    assertTrue(asked.out().contains("Policy base has deletionPolicy Remove"), asked::out);
    product.awaitReplicas();
    product.configureAllNodes();
  }

  @Test
  @Order(5)
  void anUninstallAfterThePoliciesLeavesNothing() {
    tenants.deleteAll();
    product.deletePolicy();
    assertEquals(
        "No policy needs the controller: it can be removed.",
        product.uninstallCheck().succeeded().out().strip());

    release.uninstall().succeeded();

    product.assertNothingLeft();
    assertEquals("", release.list());
  }
}
