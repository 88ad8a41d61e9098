// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.warmup;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.GateWorld;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every gate on a real server, by one controller with the rights of the manifests and the admission
 * policy for its own keys: a node for each case.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatesIT {
  private static final String NODE_READY = "\"warmUp\": {\"nodeReady\": {}}";

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final AuditLog audit;
  private final GateWorld world;
  private ControllerRun controller;

  GatesIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("gates-" + UUID.randomUUID());
    this.audit = AuditLog.from(plane);
    this.world = GateWorld.create(plane);
  }

  @BeforeAll
  void start() {
    installation.removeLease();
    installation.admission("own-keys");
    controller =
        ControllerRun.start(
            plane,
            replica,
            plane.server(),
            Map.of(
                "NODEQOS_DAMPING_CONDITIONWORDING", "0s", "NODEQOS_POLICYSTATUS_INTERVAL", "1s"));
    Poll.until("leader", controller::leads, leads -> leads);
  }

  @AfterAll
  void stop() {
    controller.close();
    installation.removeAdmission("own-keys");
    installation.remove(replica);
    world.remove();
  }

  @ParameterizedTest
  @MethodSource("io.nodeqos.e2e.warmup.GateCase#all")
  void gateHoldsUntilItsEvidenceComesOrItsTimeoutReleasesIt(GateCase gate) {
    String name = gate.gate().toLowerCase(Locale.ROOT);
    String opens = name + "-opens";
    String late = name + "-late";
    String released = name + "-released";
    world.policy(opens, json(gate.spec(world, opens, "'timeout': '1h'")));
    world.policy(late, json(gate.spec(world, late, "'timeout': '1s', 'onTimeout': 'Hold'")));
    world.policy(
        released, json(gate.spec(world, released, "'timeout': '4s', 'onTimeout': 'Release'")));
    for (String node : List.of(opens, late, released)) {
      gate.blocked().accept(world, node);
    }

    JsonObject waiting = world.until(opens, "False", gate.reason(), gate.blocker(world, opens));
    assertTrue(World.hasTaint(waiting, "nodeqos.io/warming-up"), waiting::toString);
    assertEquals("", World.label(waiting, "nodeqos.io/warmed-up"));
    gate.evidence().accept(world, opens);
    JsonObject warm = world.untilWarm(opens);
    assertFalse(World.hasTaint(warm, "nodeqos.io/warming-up"), warm::toString);
    assertEquals("true", World.label(warm, "nodeqos.io/warmed-up"));
    assertEquals("", annotation(warm, "nodeqos.io/warming-up-since"));

    JsonObject tooLong = world.until(late, "False", gate.reason(), gate.blocker(world, late));
    tooLong = world.until(late, "False", gate.reason(), "(for longer than 1s)");
    assertTrue(World.hasTaint(tooLong, "nodeqos.io/warming-up"), tooLong::toString);
    gate.evidence().accept(world, late);
    world.untilWarm(late);

    JsonObject passed = world.until(released, "True", "WarmedUp", "Released after their timeout: ");
    assertFalse(World.hasTaint(passed, "nodeqos.io/warming-up"), passed::toString);
  }

  @Test
  void blockersAreNamedOldestFirst() {
    String node = "several";
    world.policy(
        node,
        json(
            "'warmUp': {'resources': [{'name': 'example.com/gpu'}], 'reservedPods': [{'namespace':"
                + " 'NAMESPACE', 'selector': {'matchLabels': {'app': 'several'}}}]}"));
    world.node(node, true);
    world.until(
        node,
        "False",
        "ReservedPodsNotReady",
        "The warm-up has 2 blockers: no pod and no DaemonSet in namespace "
            + world.namespace
            + " matches app=several; resource example.com/gpu is not allocatable.");
    // In an order that is not that of their names; the server keeps whole seconds.
    for (String pod : List.of("several-b", "several-c", "several-a")) {
      nextSecond();
      world.pod(pod, node);
    }
    String pods = "; pod " + world.namespace + "/several-%s is not Ready";
    world.until(
        node,
        "False",
        "ResourcesMissing",
        "The warm-up has 4 blockers: resource example.com/gpu is not allocatable"
            + pods.formatted("b")
            + pods.formatted("c")
            + pods.formatted("a")
            + ".");
    world.status(node, "\"allocatable\": {\"example.com/gpu\": \"1\"}");
    world.until(node, "False", "ReservedPodsNotReady", "The warm-up has 3 blockers: pod ");
  }

  private static void nextSecond() {
    long now = Instant.now().getEpochSecond();
    Poll.until("next second", () -> Instant.now().getEpochSecond(), second -> second > now);
  }

  @Test
  void nodeIsWarmOnceAllGatesStayedOpenForStableFor() {
    String node = "stable";
    world.policy(node, json("'warmUp': {'stableFor': '4s', 'nodeReady': {}}"));
    world.node(node, true);
    world.until(node, "False", "Stabilizing", "must stay open for 4s");
    world.ready(node, false);
    world.until(node, "False", "NodeNotReady", "");
    Instant open = Instant.now();
    world.ready(node, true);
    world.until(node, "False", "Stabilizing", "");
    JsonObject warm = world.untilWarm(node);
    Instant at = Instant.parse(annotation(warm, "nodeqos.io/warmed-up-at"));
    assertFalse(
        at.isBefore(open.plusSeconds(4)), at + ", open again at " + open + " at the earliest");
  }

  @Test
  void daemonSetThatDoesNotTolerateTheTaintIsNamedUntilItDoes() {
    String node = "deadlocked";
    world.daemonSet("agent-deadlocked", node);
    world.policy(
        node,
        json(
            "'warmUp': {'reservedPods': [{'namespace': 'NAMESPACE', 'selector':"
                + " {'matchLabels': {'app': 'deadlocked'}}}]}"));
    world.node(node, true);
    String name = "DaemonSet " + world.namespace + "/agent-deadlocked does not tolerate ";
    world.until(
        node, "False", "GateDeadlock", name + "the startup taint nodeqos.io/warming-up:NoSchedule");
    String policies =
        Poll.until(
                "reason in kubectl get nqp",
                () -> plane.kubectl("get", "nqp", node).succeeded(),
                shown -> shown.out().contains("GateDeadlock"))
            .out();
    assertTrue(policies.contains("REASON"), policies);
    String described = plane.kubectl("describe", "nqp", node).succeeded().out();
    assertTrue(described.replaceAll("\\s+", " ").contains(name), described);
    String events =
        Poll.until(
                "Event",
                () -> plane.kubectl("events", "--for", "node/" + node, "-n", "default"),
                shown -> shown.out().contains("GateDeadlock"))
            .out();
    assertTrue(events.lines().anyMatch(l -> l.contains("Warning") && l.contains(name)), events);

    world.tolerate("agent-deadlocked", "nodeqos.io/warming-up");
    world.until(node, "False", "ReservedPodsNotReady", "agent-deadlocked is missing");
    world.podOf("agent-deadlocked", node);
    world.until(node, "False", "ReservedPodsNotReady", "agent-deadlocked-x is not Ready");
    world.podReady("agent-deadlocked-x");
    world.untilWarm(node);
  }

  @Test
  void gateWithUnknownEvidenceStaysClosedAndTheConditionIsUnknown() {
    String node = "untold";
    String other = world.namespace + "-other";
    world.namespace(other, false);
    world.policy(
        node,
        json(
            "'warmUp': {'csiDrivers': [{'name': 'csi.example.com'}], 'reservedPods':"
                + " [{'namespace': 'OTHER', 'timeout': '1s'}]}".replace("OTHER", other)));
    world.node(node, true);
    JsonObject unknown =
        world.until(
            node, "Unknown", "CSIDriversMissing", "namespace " + other + " is not reserved (for");
    assertTrue(World.condition(unknown, "message").contains("the node has no CSINode"));
    String since = World.condition(unknown, "lastTransitionTime");
    nextSecond();
    world.csiNode(node);
    JsonObject known =
        world.until(node, "False", "CSIDriversMissing", "csi.example.com is not registered");
    assertNotEquals(since, World.condition(known, "lastTransitionTime"));
    assertTrue(
        World.condition(known, "message").contains(" is not reserved (for longer than 1s)"),
        "a condition that turns does not start timeouts again: " + known);
    world.csiDriver(node, "csi.example.com");
    world.until(node, "Unknown", "NamespaceNotReserved", other);
    world.reserve(other);
    JsonObject waiting =
        world.until(
            node,
            "False",
            "ReservedPodsNotReady",
            "no pod and no DaemonSet in namespace " + other + " matches the empty selector");
    assertTrue(World.hasTaint(waiting, "nodeqos.io/warming-up"));
  }

  @Test
  void rebootRestartsTheWarmUp() {
    String node = "rebooted";
    world.policy(
        node,
        json(
            "'warmUp': {'nodeReady': {}, 'reservedPods': [{'namespace': 'NAMESPACE',"
                + " 'selector': {'matchLabels': {'app': 'rebooted'}}}]}"));
    world.node(node, true);
    world.pod("rebooted", node);
    world.podReady("rebooted");
    JsonObject first = world.untilWarm(node);
    // No reboot takes less than a second, the unit of times by kubelets.
    nextSecond();
    world.reboot(node, "boot-2");
    JsonObject waiting =
        world.until(
            node,
            "False",
            "ReservedPodsNotReady",
            "/rebooted has not become Ready since the node booted");
    assertAll(
        () -> assertEquals("", World.label(waiting, "nodeqos.io/warmed-up")),
        () -> assertEquals("", annotation(waiting, "nodeqos.io/warmed-up-for")),
        () ->
            assertTrue(
                Instant.parse(annotation(waiting, "nodeqos.io/warming-up-since"))
                    .isAfter(Instant.parse(annotation(first, "nodeqos.io/warmed-up-at")))));
    assertTrue(annotation(waiting, "nodeqos.io/warming-up-for").contains("/boot-2@"));
    world.podReady("rebooted", false);
    world.until(node, "False", "ReservedPodsNotReady", "/rebooted is not Ready");
    world.podReady("rebooted");
    JsonObject warm = world.untilWarm(node);
    assertTrue(annotation(warm, "nodeqos.io/warmed-up-for").endsWith("/boot-2"));
    assertEquals("", annotation(warm, "nodeqos.io/warming-up-for"));
  }

  @Test
  void startupTaintRestoredByTheProvisionerIsRemovedAgain() {
    String node = "restored";
    world.policy(node, NODE_READY);
    world.node(node, true);
    String markedAt = annotation(world.untilWarm(node), "nodeqos.io/warmed-up-at");
    plane.kubectl("taint", "node", node, "nodeqos.io/warming-up:NoSchedule").succeeded();
    JsonObject warm =
        Poll.until(
            "node without the restored taint",
            () -> world.node(node),
            n -> !World.hasTaint(n, "nodeqos.io/warming-up"));
    assertEquals(markedAt, annotation(warm, "nodeqos.io/warmed-up-at"));
  }

  @Test
  void nodeCreatedAgainUnderItsNameRestartsTheWarmUp() {
    String node = "recreated";
    world.policy(node, NODE_READY);
    world.node(node, true);
    String first = annotation(world.untilWarm(node), "nodeqos.io/warmed-up-for");
    world.deleteNode(node);
    world.node(node, false);
    // As an operator does that restores its own copy of the node.
    world.annotate(node, "nodeqos.io/warmed-up-for", first);
    plane.kubectl("label", "node", node, "--overwrite", "nodeqos.io/warmed-up=true").succeeded();
    JsonObject waiting =
        Poll.until(
            "node without the restored mark",
            () -> world.node(node),
            n ->
                World.condition(n, "reason").equals("NodeNotReady")
                    && World.label(n, "nodeqos.io/warmed-up").isEmpty());
    assertTrue(World.hasTaint(waiting, "nodeqos.io/warming-up"), waiting::toString);
    world.ready(node, true);
    String second = annotation(world.untilWarm(node), "nodeqos.io/warmed-up-for");
    assertNotEquals(first, second);
    assertEquals(World.text(world.node(node), "metadata", "uid") + "/boot-1", second);
  }

  @Test
  void suspendedPolicyFreezesEveryNodeItContributesToAndNoOther() {
    String quota = "\"quota\": {\"classes\": [{\"name\": \"gold\", \"cpu\": {\"weight\": 1}}]}";
    world.policy("frozen", "\"suspend\": true, " + NODE_READY);
    // Of this one the suspended policy gives the quota alone.
    world.policy("frozen-half", NODE_READY);
    world.policy("frozen-half-quota", "frozen-half", "\"suspend\": true, " + quota);
    // Here it matches, but a policy with a higher priority sets all that it sets.
    world.policy("unfrozen", "\"priority\": 5, " + quota + ", " + NODE_READY);
    world.policy("unfrozen-quota", "unfrozen", "\"suspend\": true, " + quota);
    List<String> frozen = List.of("frozen", "frozen-half");
    for (String node : List.of("frozen", "frozen-half", "unfrozen")) {
      world.policyUntil(
          "policy seen", node, policy -> policy.toString().contains("observedGeneration"));
    }
    frozen.forEach(node -> world.node(node, true));
    world.node("unfrozen", true);
    world.untilWarm("unfrozen");
    String version = World.label(world.node("unfrozen"), "nodeqos.io/config-version");
    world.changePolicy("unfrozen", quota.replace("1}", "2}"));
    Poll.until(
        "changed node of another policy",
        () -> World.label(world.node("unfrozen"), "nodeqos.io/config-version"),
        now -> !now.equals(version));
    assertEquals(List.of(), writesTo(frozen));

    world.changePolicy("frozen", "\"suspend\": false");
    world.changePolicy("frozen-half-quota", "\"suspend\": false");
    frozen.forEach(world::untilWarm);

    world.changePolicy("frozen", "\"suspend\": true");
    world.policyUntil(
        "policy with a frozen node",
        "frozen",
        policy -> World.text(policy, "status", "nodes", "frozen").equals("1"));
    int before = writesTo(List.of("frozen")).size();
    world.ready("frozen", false);
    world.reboot("frozen", "boot-2");
    world.changePolicy("unfrozen", quota.replace("1}", "3}"));
    String next = World.label(world.node("unfrozen"), "nodeqos.io/config-version");
    Poll.until(
        "changed node of another policy",
        () -> World.label(world.node("unfrozen"), "nodeqos.io/config-version"),
        now -> !now.equals(next) || now.isEmpty());
    assertEquals(before, writesTo(List.of("frozen")).size(), "its mark stays as it is");
    world.changePolicy("frozen", "\"suspend\": false");
    world.until("frozen", "False", "NodeNotReady", "");
  }

  private List<AuditLog.Entry> writesTo(List<String> nodes) {
    return audit.entries().stream()
        .filter(e -> e.writesNode() && nodes.contains(e.name()))
        .toList();
  }

  private static String annotation(JsonObject node, String key) {
    return World.text(node, "metadata", "annotations", key);
  }

  /** Of a spec with single quotes. */
  private String json(String text) {
    return text.replace('\'', '"').replace("NAMESPACE", world.namespace);
  }
}
