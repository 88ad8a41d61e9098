// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.qos;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Quotas and reservations on a real server, the quotas enforced by the stock scheduler. */
@RealApi
class QuotaIT {
  private static final String GOLD =
      """
      {'reservation': {'cpu': '1', 'memory': '2Gi', 'countReservedPods': true},
       'quota': {'classes': [
         {'name': 'gold', 'cpu': {'weight': 400, 'max': '50%'}, 'memory': {'max': '10Gi'},
          'advertise': {'cpu': '50%', 'memory': '10Gi'}},
         {'name': 'tin', 'advertise': {'cpu': '1'}}]},
       'warmUp': {'nodeReady': {}}}
      """;
  private static final String ONLY_GOLD =
      """
      {'reservation': {'cpu': '1', 'memory': '2Gi', 'countReservedPods': true},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]}}
      """;
  private static final String GOLD_CPU = "nodeqos.io/gold-cpu";

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final QosWorld world;

  QuotaIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("quota-" + UUID.randomUUID());
    installation.removeLease();
    this.world = new QosWorld(plane);
  }

  @AfterEach
  void removeAll() {
    installation.remove(replica);
    world.remove();
  }

  @Test
  void schedulerEnforcesTheAdvertisedQuota() {
    Assumptions.assumeTrue(
        Files.isExecutable(plane.program("kube-scheduler")), "there is no kube-scheduler");
    world.createPolicy(GOLD);
    world.createNamespace(false);
    world.createNode();
    try (ControllerRun controller = ControllerRun.start(plane, replica);
        KubeScheduler scheduler = KubeScheduler.start(plane, world.name())) {
      JsonObject node = settled();
      assertEquals("3500", QosWorld.resource(node, GOLD_CPU), "half of 8 cores less 1");
      assertEquals("10Gi", gibibytes(QosWorld.resource(node, "nodeqos.io/gold-memory")));

      tenant("first", "1500");
      tenant("second", "1500");
      bound("first", scheduler);
      bound("second", scheduler);

      tenant("third", "1000");
      JsonObject third =
          Poll.until(
              "third pod that has been tried; " + scheduler.log(),
              () -> world.pod("third"),
              pod -> !QosWorld.podCondition(pod, "PodScheduled", "reason").isEmpty());
      assertAll(
          () -> assertEquals("Pending", World.text(third, "status", "phase")),
          () -> assertEquals("", World.text(third, "spec", "nodeName")),
          () ->
              assertEquals("Unschedulable", QosWorld.podCondition(third, "PodScheduled", "reason")),
          () ->
              assertTrue(
                  QosWorld.podCondition(third, "PodScheduled", "message")
                      .contains("Insufficient " + GOLD_CPU),
                  third::toString));

      world.deletePod("first");
      bound("third", scheduler);
      assertEquals(0, controller.terminate(), controller::log);
    }
  }

  /** The server's notation is its own. */
  private static String gibibytes(String bytes) {
    return bytes.endsWith("Gi") ? bytes : Long.parseLong(bytes) / (1L << 30) + "Gi";
  }

  private void tenant(String name, String milliCores) {
    world.createPod(
        name,
        """
        {'schedulerName': '%1$s', 'nodeSelector': {'qos': '%1$s'},
         'tolerations': [{'key': 'node.kubernetes.io/not-ready', 'operator': 'Exists'}],
         'containers': [{'name': 'c', 'image': 'i',
           'resources': {'requests': {'%2$s': '%3$s'}, 'limits': {'%2$s': '%3$s'}}}]}"""
            .formatted(world.name(), GOLD_CPU, milliCores));
  }

  private void bound(String pod, KubeScheduler scheduler) {
    Poll.until(
        "bound pod " + pod + "; " + scheduler.log(),
        () -> World.text(world.pod(pod), "spec", "nodeName"),
        world.name()::equals);
  }

  @Test
  void driftIsRepairedWithOneWriteAndRemovedClassesLoseTheirResources() {
    world.createPolicy(GOLD);
    world.createNode();
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      JsonObject settled = settled();
      repaired(
          settled,
          () ->
              world.mergeNode("{\"metadata\": {\"annotations\": {\"nodeqos.io/config\": null}}}"));
      repaired(
          settled,
          () ->
              world.mergeNode(
                  "{\"metadata\": {\"labels\": {\"nodeqos.io/config-version\": \"other\"}}}"));
      // As kubelets do with extended resources at their start.
      repaired(
          settled,
          () ->
              world.status(
                  """
                  {"capacity": {"nodeqos.io/gold-cpu": "0", "nodeqos.io/tin-cpu": null},
                   "allocatable": {"nodeqos.io/gold-cpu": "0", "nodeqos.io/tin-cpu": null}}"""));

      world.changePolicy(ONLY_GOLD);
      JsonObject less =
          world.nodeUntil(
              "node with one class", n -> QosWorld.ownResources(n).equals(Set.of(GOLD_CPU)));
      assertFalse(QosWorld.annotation(less, "nodeqos.io/config").contains("tin"));
      world.changePolicy("{'reservation': {'cpu': '1'}}");
      JsonObject none =
          world.nodeUntil("node without a class", n -> QosWorld.ownResources(n).isEmpty());
      assertFalse(QosWorld.config(none).has("quota"), none::toString);
      assertEquals(0, controller.terminate(), controller::log);
    }
  }

  private void repaired(JsonObject settled, Runnable drift) {
    AuditLog audit = AuditLog.from(plane);
    drift.run();
    world.nodeUntil(
        "repaired node",
        n ->
            QosWorld.annotation(n, "nodeqos.io/config")
                    .equals(QosWorld.annotation(settled, "nodeqos.io/config"))
                && World.label(n, "nodeqos.io/config-version")
                    .equals(World.label(settled, "nodeqos.io/config-version"))
                && QosWorld.ownResources(n).stream()
                    .allMatch(r -> QosWorld.resource(n, r).equals(QosWorld.resource(settled, r)))
                && QosWorld.ownResources(n).equals(QosWorld.ownResources(settled)));
    List<AuditLog.Entry> writes =
        audit.entries().stream()
            .filter(e -> e.writesNode() && e.accepted() && e.name().equals(world.name()))
            .toList();
    assertEquals(1, writes.size(), writes::toString);
  }

  @Test
  void repairsBackOffWhenAnotherWriterRemovesTheMark() throws InterruptedException {
    world.createPolicy(GOLD);
    world.createNode();
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      settled();
      AuditLog audit = AuditLog.from(plane);
      int taken = 0;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (System.nanoTime() < end) {
        if (QosWorld.isWarm(world.node())) {
          world.mergeNode(
              "{\"metadata\": {\"labels\": {\"nodeqos.io/warmed-up\": null},"
                  + " \"annotations\": {\"nodeqos.io/config\": \"5\"}}}");
          taken++;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
      long writes =
          audit.entries().stream()
              .filter(e -> e.writesNode() && e.accepted() && e.name().equals(world.name()))
              .count();
      // At once, after 5 s and after 10 s; the other writer's own are not counted.
      assertTrue(taken >= 2 && taken <= 4, taken + " times taken off");
      assertTrue(writes <= 6, writes + " writes");
      settled();
      assertEquals(0, controller.terminate(), controller::log);
    }
  }

  @Test
  void requestsOfReservedPodsAreReservedByTheRulesOfTheScheduler() {
    world.createPolicy(ONLY_GOLD);
    world.createNamespace(true);
    world.createNode();
    world.createPod(
        "agent",
        """
        {'nodeName': '%s',
         'initContainers': [
           {'name': 'setup', 'image': 'i', 'resources': {'requests': {'cpu': '600m'}}},
           {'name': 'proxy', 'image': 'i', 'restartPolicy': 'Always',
            'resources': {'requests': {'cpu': '300m', 'memory': '1Gi'}}},
           {'name': 'fetch', 'image': 'i', 'resources': {'requests': {'cpu': '900m'}}}],
         'containers': [
           {'name': 'main', 'image': 'i', 'resources': {'requests': {'cpu': '500m', 'memory': '512Mi'}}}]}"""
            .formatted(world.name()));
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      // The peak of 300m + 900m while fetch runs, above 300m + 500m.
      reserved("2200m", "3584Mi");

      // The kubelet has not shrunk it yet from a resize: the effective amount counts.
      world.podStatus(
          "agent",
          """
          {'phase': 'Running', 'containerStatuses': [{'name': 'main', 'image': 'i', 'imageID': '',
            'ready': true, 'restartCount': 0, 'allocatedResources': {'cpu': '1500m', 'memory': '512Mi'},
            'resources': {'requests': {'cpu': '1500m', 'memory': '512Mi'}}}]}""");
      reserved("2800m", "3584Mi");
      assertEquals(
          "2600",
          QosWorld.resource(
              world.nodeUntil(
                  "quota of the rest", n -> QosWorld.resource(n, GOLD_CPU).equals("2600")),
              GOLD_CPU),
          "half of 8 cores less 2.8");
      assertEquals(0, controller.terminate(), controller::log);
    }
  }

  private void reserved(String cpu, String memory) {
    world.nodeUntil(
        "reservation of " + cpu,
        n ->
            World.text(QosWorld.config(n), "reservation", "cpu").equals(cpu)
                && World.text(QosWorld.config(n), "reservation", "memory").equals(memory));
  }

  private JsonObject settled() {
    return world.nodeUntil(
        "warm node with its resources",
        n -> QosWorld.isWarm(n) && QosWorld.ownResources(n).contains("nodeqos.io/tin-cpu"));
  }
}
