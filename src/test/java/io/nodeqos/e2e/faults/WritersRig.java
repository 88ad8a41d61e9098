// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.GateWorld;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One controller with the rights of the manifests and the admission policy for its own keys, beside
 * other writers of the same objects: what it writes, and what a user sees of it.
 */
final class WritersRig implements AutoCloseable {
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";

  final Api admin;
  final GateWorld world;
  final ControllerRun controller;
  private final Installation installation;
  private final Replica replica;
  private final AuditLog audit;

  private WritersRig(ControlPlane plane, Installation installation, Replica replica) {
    this.admin = Api.admin(plane);
    this.world = GateWorld.create(plane);
    this.installation = installation;
    this.replica = replica;
    this.audit = AuditLog.from(plane);
    this.controller =
        ControllerRun.start(
            plane,
            replica,
            plane.server(),
            Map.of(
                "NODEQOS_DAMPING_CONDITIONWORDING", "0s", "NODEQOS_POLICYSTATUS_INTERVAL", "1s"));
  }

  /** Returns once it leads. */
  static WritersRig start(ControlPlane plane) {
    Installation installation = Installation.apply(plane);
    installation.removeLease();
    installation.admission("own-keys");
    Replica replica = installation.replica("writers-" + UUID.randomUUID());
    WritersRig rig = new WritersRig(plane, installation, replica);
    Poll.until("leader", rig.controller::leads, leads -> leads);
    return rig;
  }

  @Override
  public void close() {
    controller.close();
    installation.removeAdmission("own-keys");
    installation.remove(replica);
    world.remove();
  }

  /** Creation times have whole seconds: an object of the next one is younger than all so far. */
  static void nextSecond() {
    pause(1_000);
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A spec, or another text in JSON, with single quotes. */
  String json(String text) {
    return text.replace('\'', '"').replace("NAMESPACE", world.namespace);
  }

  /** The requests of the controller so far. */
  List<Entry> requests() {
    return audit.entries();
  }

  /** Its writes to a node so far, also those that were refused. */
  List<Entry> writesTo(String node) {
    return requests().stream().filter(e -> e.writesNode() && e.name().equals(node)).toList();
  }

  /** Those of its writes that changed the node. */
  List<Entry> acceptedTo(String node) {
    return writesTo(node).stream().filter(Entry::accepted).toList();
  }

  /** How many writes to objects of this resource it has sent so far. */
  int writesOf(String resource) {
    return (int)
        requests().stream()
            .filter(e -> e.resource().equals(resource))
            .filter(e -> !Set.of("get", "list", "watch").contains(e.verb()))
            .count();
  }

  /** Fails when it writes to the node in the next seconds. */
  void leavesAlone(String node) {
    List<Entry> before = writesTo(node);
    pause(3_000);
    assertEquals(before, writesTo(node));
  }

  /** The notes of the Events about an object with this reason. */
  List<String> events(String name, String reason) {
    List<String> notes = new ArrayList<>();
    for (JsonElement item : admin.get(EVENTS).succeeded().json().getAsJsonArray("items").asList()) {
      JsonObject event = item.getAsJsonObject();
      if (World.text(event, "regarding", "name").equals(name)
          && World.text(event, "reason").equals(reason)) {
        notes.add(World.text(event, "note"));
      }
    }
    return notes;
  }

  /** The note of the one Event with this reason, once it is there. */
  String event(String name, String reason) {
    List<String> notes =
        Poll.until(
            "Event " + reason + " about " + name,
            () -> events(name, reason),
            found -> !found.isEmpty());
    assertEquals(1, notes.size(), notes::toString);
    return notes.get(0);
  }

  /** The policy once its condition Ready has this status. */
  JsonObject ready(String policy, String status) {
    return world.policyUntil(
        "policy with Ready=" + status, policy, p -> ready(p, "status").equals(status));
  }

  /** A field of the condition Ready that is about the policy as it is, else "". */
  static String ready(JsonObject policy, String field) {
    if (!policy.has("status")
        || !World.text(policy, "status", "observedGeneration")
            .equals(World.text(policy, "metadata", "generation"))) {
      return "";
    }
    for (JsonElement item : policy.getAsJsonObject("status").getAsJsonArray("conditions")) {
      JsonObject condition = item.getAsJsonObject();
      if (World.text(condition, "type").equals("Ready")) {
        return World.text(condition, field);
      }
    }
    return "";
  }

  /** The sum of the series of this name with these labels, for a scraper. */
  double metric(String name, String... labels) {
    return controller
        .probe("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name) && Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The metric once it is above this. */
  void metricAbove(double least, String name, String... labels) {
    Poll.until(name + " above " + least, () -> metric(name, labels), now -> now > least);
  }
}
