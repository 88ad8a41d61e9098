// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What users applied when nodes became warm too early, too late or never: the same files, and the
 * right outcome that the comment of each file names. One controller with the rights of the
 * manifests and the admission policy for its own keys serves all of them.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CasesIT {
  private static final String CNI_MISSING = "the pod of DaemonSet b2/cni is missing";
  private static final String V2 = "registry.example.com/agent:v2";

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final AuditLog audit;
  private final CaseWorld world;
  private ControllerRun controller;

  CasesIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("cases-" + UUID.randomUUID());
    this.audit = AuditLog.from(plane);
    this.world = new CaseWorld(plane);
  }

  @BeforeAll
  void start() {
    installation.removeLease();
    installation.admission("own-keys");
    controller =
        ControllerRun.start(
            plane, replica, plane.server(), Map.of("NODEQOS_DAMPING_CONDITIONWORDING", "0s"));
    Poll.until("leader", controller::leads, leads -> leads);
  }

  @AfterAll
  void stop() {
    try {
      world.remove();
    } finally {
      controller.close();
    }
    installation.removeAdmission("own-keys");
    installation.remove(replica);
  }

  @Test
  void permanentTaintWithAnyKeyPrefixKeepsADaemonSetOff() {
    world.create("01-permanent-taint-node.kubernetes.io.yaml");
    JsonObject infra = world.untilWarm("b1-infra");
    JsonObject control = world.untilWarm("b1-control");
    assertTrue(World.hasTaint(infra, "node.kubernetes.io/purpose"), infra::toString);
    assertTrue(World.hasTaint(control, "dedicated"), control::toString);
  }

  @Test
  void nodeWaitsForThePodThatIsScheduledAfterAForeignStartupTaintIsRemoved() {
    Map<String, String> taints =
        new TreeMap<>(
            Map.of(
                "b2-istio", "cni.istio.io/not-ready",
                "b2-nrc", "readiness.k8s.io/network",
                "b2-gardener", "node.gardener.cloud/critical-components-not-ready",
                "b2-nidhogg", "nidhogg.uswitch.com/kube-system.kiam",
                "b2-nodewright", "skyhook.nvidia.com",
                "b2-datadog", "agent.datadoghq.com/not-ready",
                "b2-odigos", "odigos.io/needs-init",
                "b2-cilium", "node.cilium.io/agent-not-ready"));
    world.create("02-startup-taints-of-others.yaml");
    taints.forEach(
        (node, taint) -> {
          JsonObject waiting = world.untilWaiting(node, "ReservedPodsNotReady", CNI_MISSING);
          CaseWorld.assertTainted(waiting);
          assertTrue(World.hasTaint(waiting, taint), waiting::toString);
        });
    // Each once more, now that all have been decided.
    for (String node : taints.keySet()) {
      CaseWorld.assertTainted(world.untilWaiting(node, "ReservedPodsNotReady", CNI_MISSING));
      assertNeverMarked(node);
    }

    world.createServiceAccount("b2");
    taints.forEach(world::untaint);
    for (String node : taints.keySet()) {
      CaseWorld.assertTainted(world.untilWaiting(node, "ReservedPodsNotReady", CNI_MISSING));
      world.createPodOf("b2", "cni", node);
    }
    for (String node : taints.keySet()) {
      JsonObject waiting =
          world.untilWaiting(node, "ReservedPodsNotReady", "pod b2/cni-" + node + " is not Ready");
      CaseWorld.assertTainted(waiting);
      assertNeverMarked(node);
      world.podReady("b2", "cni-" + node, true);
      world.untilWarm(node);
    }
  }

  @Test
  void zeroCapacityCountsAsMissing() {
    world.create("03-zero-capacity.yaml");
    for (String node : List.of("b3-zero", "b3-mem0")) {
      JsonObject waiting =
          world.untilWaiting(node, "NoCapacity", "The node reports no CPU and memory capacity.");
      CaseWorld.assertTainted(waiting);
      assertEquals("", QosWorld.annotation(waiting, "nodeqos.io/config"), waiting::toString);
      assertEquals("", World.label(waiting, "nodeqos.io/config-version"), waiting::toString);
      assertEquals(Set.of(), QosWorld.ownResources(waiting), waiting::toString);
      assertEquals(0, writesOf(node, "nodes"), "writes of the node's metadata and spec");
    }

    String capacity =
        """
        {"status":{"capacity":{"cpu":"%1$s","memory":"%2$s"},
          "allocatable":{"cpu":"%1$s","memory":"%2$s"}}}""";
    world.patchNodeStatus("b3-zero", capacity.formatted("4", "16Gi"));
    JsonObject warm =
        Poll.until(
            "quota",
            () -> world.untilWarm("b3-zero"),
            node -> QosWorld.ownResources(node).size() == 2);
    assertNotEquals("", QosWorld.annotation(warm, "nodeqos.io/config"), warm::toString);
    assertEquals("2k", QosWorld.resource(warm, "nodeqos.io/gold-cpu"), warm::toString);

    long before = writesOf("b3-zero");
    world.patchNodeStatus("b3-zero", capacity.formatted("0", "0"));
    // Nodes are seen in the order of their changes: a later one shows that this was decided on.
    world.patchNodeStatus("b3-mem0", capacity.formatted("4", "16Gi"));
    world.untilWarm("b3-mem0");
    JsonObject kept = world.node("b3-zero");
    CaseWorld.assertWarm(kept);
    assertEquals(warm.get("metadata"), withVersionOf(warm, kept).get("metadata"));
    assertEquals("2k", QosWorld.resource(kept, "nodeqos.io/gold-cpu"), kept::toString);
    assertEquals(before, writesOf("b3-zero"), "writes of a node that has lost its capacity");
  }

  private static JsonObject withVersionOf(JsonObject one, JsonObject other) {
    JsonObject copy = other.deepCopy();
    JsonObject metadata = one.getAsJsonObject("metadata");
    copy.getAsJsonObject("metadata").add("resourceVersion", metadata.get("resourceVersion"));
    copy.getAsJsonObject("metadata").add("managedFields", metadata.get("managedFields"));
    return copy;
  }

  @Test
  void dockerHubImageMatchesWithAndWithoutLibraryPrefix() {
    world.create("04-image-docker.io-short.yaml");
    world.untilWarm("b4-n");
  }

  @Test
  void imageOfAContainerThatStillPullsIsMissing() {
    world.create("05-image-not-pulled-in-running-pod.yaml");
    String missing = "image " + V2 + " is missing";
    world.untilWaiting("b5-n", "ImagesMissing", missing);
    world.createNode("b5-later", "b5");
    world.createPod("b5", "later", "b5-later");
    world.untilWaiting("b5-later", "ImagesMissing", missing);

    world.patchPodStatus("b5", "agent", "--patch-file", CaseWorld.file("05-status.json"));
    // Pods are seen in the order of their changes: the later one shows that the first was seen.
    world.podRuns("b5", "later", V2);
    world.untilWarm("b5-later");
    CaseWorld.assertTainted(world.untilWaiting("b5-n", "ImagesMissing", missing));
    assertNeverMarked("b5-n");

    world.podRuns("b5", "agent", V2);
    world.untilWarm("b5-n");
  }

  @Test
  void nodesStayWarmWhileAPodIsReplacedOrRescheduled() {
    Command script = world.run("06-surge-and-07-terminating.sh").succeeded();
    Pattern warm = Pattern.compile("(?m)^b6-(surge|term) .* true\\b *$");
    assertEquals(4, warm.matcher(script.out()).results().count(), script::out);
    assertTrue(
        script.out().endsWith("b6-surge: All gates are open.\nb6-term: All gates are open.\n"),
        script::out);
    for (String node : List.of("b6-surge", "b6-term")) {
      CaseWorld.assertWarm(world.node(node));
      assertEquals(1, marksOf(node).size(), () -> "it was marked once: " + marksOf(node));
    }

    // The pods are watched: without the one that serves the gate closes.
    world.podReady("b6", "old", false);
    world.podReady("b6", "agent", false);
    world.untilWaiting("b6-surge", "ReservedPodsNotReady", "b6/old is not Ready");
    world.untilWaiting("b6-term", "ReservedPodsNotReady", "b6/agent is not Ready");
  }

  @Test
  void windowsNodeGetsNoImageLabel() {
    world.create("15-windows-images.yaml");
    JsonObject waiting =
        world.untilWaiting("b15-n", "ImageWarmUpUnsupported", "the node runs Windows");
    CaseWorld.assertTainted(waiting);
    // Another pod has pulled it.
    world.patchNodeStatus(
        "b15-n",
        """
        {"status":{"images":[{"names":["mcr.microsoft.com/windows/nanoserver:ltsc2022"]}]}}""");
    world.untilWarm("b15-n");
    assertEquals(
        0,
        nodeWrites("b15-n").stream().filter(e -> hasLabel(e, "nodeqos.io/images")).count(),
        "a slot for a pull that cannot be");
  }

  private List<AuditLog.Entry> nodeWrites(String node) {
    return audit.entries().stream()
        .filter(e -> e.writesNode() && e.accepted() && e.name().equals(node))
        .toList();
  }

  private long writesOf(String node) {
    return nodeWrites(node).size();
  }

  private long writesOf(String node, String resource) {
    return nodeWrites(node).stream().filter(e -> e.resource().equals(resource)).count();
  }

  /** The writes that put the mark on or took it off. */
  private List<AuditLog.Entry> marksOf(String node) {
    return nodeWrites(node).stream().filter(e -> hasLabel(e, "nodeqos.io/warmed-up")).toList();
  }

  private static boolean hasLabel(AuditLog.Entry entry, String key) {
    JsonObject metadata = entry.body().getAsJsonObject("metadata");
    return metadata != null
        && metadata.has("labels")
        && metadata.getAsJsonObject("labels").has(key);
  }

  private void assertNeverMarked(String node) {
    assertEquals(List.of(), marksOf(node), node);
  }
}
