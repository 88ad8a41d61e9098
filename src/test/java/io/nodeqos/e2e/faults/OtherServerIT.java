// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Node;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A server other than the usual one: Nodes with fields that are newer than the client library,
 * MutatingAdmissionPolicy by its older version, and no taint at creation by the server itself.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherServerIT {
  private static final String ADMISSION = "/apis/admissionregistration.k8s.io";

  private final ControlPlane usual;
  private ControlPlane plane;
  private Installation installation;

  OtherServerIT(ControlPlane usual) {
    this.usual = usual;
  }

  @BeforeAll
  void start() {
    plane =
        usual.another(
            "--feature-gates=InPlacePodVerticalScalingSchedulerPreemption=true",
            "--disable-admission-plugins=TaintNodesByCondition",
            "--runtime-config=admissionregistration.k8s.io/v1beta1=true");
    installation = Installation.apply(plane);
  }

  @AfterAll
  void stop() {
    plane.close();
  }

  @Test
  void unknownFieldsOfANewerApiSurviveEveryWrite() {
    World world = new World(plane);
    world.createPolicy("100m");
    world.createAgent();
    world.createNode();
    JsonObject before = withNewerFields(world);
    JsonObject unread = before.deepCopy();
    assertThrows(
        RuntimeException.class,
        () -> JSON.deserialize(unread.toString(), V1Node.class),
        "the client library knows all of these fields by now: find newer ones");

    Replica replica = installation.replica("newer-" + UUID.randomUUID());
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      world.nodeWaitingFor(world.agent());
      world.makeAgentReady();
      JsonObject warm = world.nodeUntil("True");

      assertAll(
          () -> assertEquals("true", World.label(warm, "nodeqos.io/warmed-up")),
          () -> assertEquals(newerFields(before), newerFields(warm)),
          () -> assertTrue(world.hasForeignTaint(warm), warm::toString),
          () -> assertEquals(0, controller.terminate(), controller::log),
          () -> assertTrue(controller.complaints().isEmpty(), controller::log));
    }
  }

  private JsonObject withNewerFields(World world) {
    Api admin = Api.admin(plane);
    String path = "/api/v1/nodes/" + world.node();
    admin
        .merge(
            path,
            """
            {"spec": {"podPreemptionPolicy": {"disableResizePreemption": ["example.com/scaler"]}}}""")
        .succeeded();
    admin
        .merge(
            path + "/status",
            """
            {"status": {"declaredFeatures": ["FutureFeature", "FutureFeature/part"],
              "nodeInfo": {"runningInUserNamespace": true}}}""")
        .succeeded();
    return world.readNode();
  }

  /** Fails where one of them is absent: then the server did not keep it. */
  private static JsonObject newerFields(JsonObject node) {
    JsonObject status = node.getAsJsonObject("status");
    JsonObject fields = new JsonObject();
    fields.add(
        "spec", node.getAsJsonObject("spec").getAsJsonObject("podPreemptionPolicy").deepCopy());
    fields.add("status", status.getAsJsonArray("declaredFeatures").deepCopy());
    fields.add(
        "nodeInfo",
        status.getAsJsonObject("nodeInfo").getAsJsonPrimitive("runningInUserNamespace"));
    return fields;
  }

  @Test
  void olderVersionOfTheStartupTaintPolicyIsServedAndWorks() {
    assertTrue(served().contains("v1beta1"), served()::toString);
    installation.admissionOverlay("admission-v1beta1");
    try {
      assertAnUntaintedNodeGetsTheStartupTaint();
    } finally {
      installation.removeAdmissionOverlay("admission-v1beta1");
    }
  }

  @Test
  void nodeWithoutAnyTaintsGetsTheStartupTaint() {
    assertTrue(served().contains("v1"), served()::toString);
    installation.admission("startup-taint");
    try {
      assertAnUntaintedNodeGetsTheStartupTaint();
    } finally {
      installation.removeAdmission("startup-taint");
    }
  }

  /** The list of taints is absent then, so ours is its only element. */
  private void assertAnUntaintedNodeGetsTheStartupTaint() {
    JsonObject node =
        Poll.until(
            "startup taint",
            this::newNode,
            created -> World.hasTaint(created, "nodeqos.io/warming-up"));

    JsonArray taints = node.getAsJsonObject("spec").getAsJsonArray("taints");
    assertEquals(1, taints.size(), node::toString);
    assertEquals("NoSchedule", World.text(taints.get(0).getAsJsonObject(), "effect"));
  }

  /** The versions that discovery lists, the way an operator chooses between the two. */
  private List<String> served() {
    JsonObject group = Api.admin(plane).get(ADMISSION).succeeded().json();
    return StreamSupport.stream(group.getAsJsonArray("versions").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(version -> World.text(version, "version"))
        .toList();
  }

  private JsonObject newNode() {
    return Api.admin(plane)
        .post(
            "/api/v1/nodes?dryRun=All",
            """
            {"metadata": {"name": "other-server",
              "labels": {"nodeqos.io/taint-at-creation": "true"}}}""")
        .succeeded()
        .json();
  }
}
