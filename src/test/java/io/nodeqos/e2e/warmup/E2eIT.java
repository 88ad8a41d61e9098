// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.warmup;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole product on a real server, its process with no more rights than the manifests give. */
@RealApi
class E2eIT {
  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final AuditLog audit;
  private final World world;

  E2eIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("e2e-" + UUID.randomUUID());
    installation.removeLease();
    this.audit = AuditLog.from(plane);
    this.world = new World(plane);
  }

  @AfterEach
  void removeAll() {
    installation.remove(replica);
    world.remove();
  }

  @Test
  void manifestRightsAreEnoughToConfigureTaintAndReleaseANewNode() {
    world.createPolicy("100m");
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      Poll.until(
          "leader",
          () -> plane.kubectl("get", "lease", "-n", Installation.NAMESPACE, "-o", "json").out(),
          lease -> lease.contains(replica.holder()));
      world.createAgent();
      world.createNode();

      JsonObject waiting = world.nodeWaitingFor(world.agent());
      assertAll(
          () -> assertEquals("ReservedPodsNotReady", World.condition(waiting, "reason")),
          () -> assertTrue(world.isTainted(waiting), waiting::toString),
          () -> assertEquals("", World.label(waiting, "nodeqos.io/warmed-up")),
          () ->
              assertTrue(
                  World.label(waiting, "nodeqos.io/config-version").matches("[0-9a-f]{10}"),
                  waiting::toString));
      world.policyUntil("waiting", 1);

      world.makeAgentReady();

      JsonObject warm = world.nodeUntil("True");
      String advertised = World.text(warm, "status", "allocatable", "nodeqos.io/gold-cpu");
      assertAll(
          () -> assertEquals("true", World.label(warm, "nodeqos.io/warmed-up")),
          () -> assertTrue(!world.isTainted(warm), warm::toString),
          () -> assertTrue(world.hasForeignTaint(warm), "another owner's taint is gone"),
          () -> assertEquals("1950", advertised, "half of 4 CPUs less 100m, in milli-cores"),
          () ->
              assertEquals(
                  advertised, World.text(warm, "status", "capacity", "nodeqos.io/gold-cpu")));
      JsonObject policy = world.policyUntil("warm", 1);
      assertTrue(policy.toString().contains("\"type\":\"Valid\""), policy::toString);

      imagesComeAndGo();
      oldRevisionsGo();
      provokeAConflict();
      eventsAreShownByKubectl();
      world.deletePolicyAndAllOfIt();
      assertEquals(0, controller.terminate(), controller::log);
      assertTrue(
          controller.complaints().stream().noneMatch(line -> line.contains("Watch of Lease")),
          () -> "a watch lasts longer than one event: " + controller.complaints());
    }

    assertEquals(
        "",
        World.text(installation.get("lease", Installation.NAME), "spec", "holderIdentity"),
        "the Lease was given back");
    Set<String> used = new TreeSet<>(Granted.used(audit, installation));
    // Of a controller that runs in a pod: see FenceCheckIT.
    used.add("get validatingadmissionpolicies");
    // Of a rollout that is completed: see RolloutCommandIT.
    used.add("patch controllerrevisions of " + Installation.NAMESPACE);
    assertEquals(Granted.all(installation), used, "granted and used permissions");
    assertTrue(
        audit.entries().stream().noneMatch(e -> e.code() == 403), "the controller was refused");
  }

  /**
   * The DaemonSet that pulls them is made, changed and removed. Its image volumes are seen by
   * SpinnerIT: a server before 1.35 drops them, as its feature gate ImageVolume is off.
   */
  private void imagesComeAndGo() {
    String daemonSet = "nodeqos-spinner-" + world.node();
    world.setImages("[{\"ref\": \"example.com/a:1\"}]");
    String made = Poll.until("DaemonSet", () -> daemonSets(daemonSet), ds -> !ds.isEmpty());
    world.setImages("[{\"ref\": \"example.com/b:1\"}]");
    Poll.until(
        "changed DaemonSet",
        () -> daemonSets(daemonSet),
        ds -> !ds.isEmpty() && !pullVersion(ds).equals(pullVersion(made)));
    world.setImages("null");
    Poll.until("end of the DaemonSet", () -> daemonSets(daemonSet), String::isEmpty);
  }

  private static String pullVersion(String daemonSet) {
    return World.label(
        JsonParser.parseString(daemonSet).getAsJsonObject(), "nodeqos.io/pull-version");
  }

  /** The last valid versions of the policy are kept, and no more than that. */
  private void oldRevisionsGo() {
    int[] round = {0};
    Poll.until(
        "deletion of a revision",
        () -> {
          world.changePolicy(round[0]++ % 2 == 0 ? "200m" : "100m");
          return audit.entries();
        },
        entries ->
            entries.stream()
                .anyMatch(
                    e -> e.verb().equals("delete") && e.resource().equals("controllerrevisions")));
  }

  /** The one of this name as JSON, "" when there is none. */
  private String daemonSets(String name) {
    return plane
        .kubectl(
            "get",
            "daemonset",
            name,
            "-n",
            Installation.NAMESPACE,
            "-o",
            "json",
            "--ignore-not-found")
        .succeeded()
        .out();
  }

  /** kubectl looks for the Events of an object by its name and its UID. */
  private void eventsAreShownByKubectl() {
    String node = world.node();
    // The same twice, so that the second counts up in the Event of the first.
    for (int i = 0; i < 2; i++) {
      world.breakPolicy();
      describedUntil("nqp", "PolicyInvalid", "spec.warmUp.stableFor");
      world.mendPolicy();
      world.policyUntilValid();
    }
    Poll.until(
        "patch of an Event",
        audit::entries,
        entries ->
            entries.stream()
                .anyMatch(e -> e.verb().equals("patch") && e.resource().equals("events")));

    String policy = describedUntil("nqp", "PolicyValid", "(x2 over ");
    String described = describedUntil("node", "WarmedUp", "All gates are open.");
    String events =
        plane.kubectl("events", "--for", "node/" + node, "-n", "default").succeeded().out();
    assertAll(
        () -> assertTrue(policy.contains("The policy is in force."), policy),
        () -> assertTrue(described.contains("ConfigUpdated"), described),
        () -> assertTrue(described.contains("WarmUpStarted"), described),
        () -> assertTrue(described.contains("nodeqos.io/node-qos-controller"), described),
        () -> assertTrue(events.contains("WarmUpStarted"), events),
        () -> assertTrue(events.contains("Node/" + node), events));
  }

  /** The Events in what kubectl describe says, once these words are among them. */
  private String describedUntil(String kind, String... words) {
    return Poll.until(
        "Event in kubectl describe " + kind + " with " + List.of(words),
        () -> {
          String all = plane.kubectl("describe", kind, world.node()).succeeded().out();
          return all.substring(Math.max(0, all.indexOf("\nEvents:")));
        },
        events -> List.of(words).stream().allMatch(events::contains));
  }

  /** After a conflict the controller reads the node: the one use of that right. */
  private void provokeAConflict() {
    int[] round = {0};
    Poll.until(
        "conflict",
        () -> {
          world.changePolicy(round[0]++ % 2 == 0 ? "200m" : "100m");
          world.disturbNode();
          return audit.entries();
        },
        entries ->
            entries.stream().anyMatch(e -> e.verb().equals("get") && e.resource().equals("nodes")));
  }
}
