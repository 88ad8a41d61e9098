// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that is a dry run, by a whole controller: nothing is written for it but its status. */
class DryRunOnEmbeddedApiTest {
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final String NEXT = POLICIES + "/next";
  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");
  private static final String SPEC =
      """
      {'dryRun': true, 'priority': 9, 'deletionPolicy': 'Remove',
       'nodeSelector': {'matchExpressions': [{'key': 'left', 'operator': 'DoesNotExist'}]},
       'reservation': {'cpu': '2'},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},
       'images': [{'ref': 'registry.example/model:1'}],
       'warmUp': {'mode': 'Continuous', 'stableFor': '0s', 'taintNewNodes': true, 'images': {},
         'csiDrivers': [{'name': 'none.example.com'}]}}
      """;

  @TempDir Path directory;

  @Test
  void dryRunAndItsDeletionWriteNothingButItsStatus() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      twoNodesAreWarm(rig);
      int before = rig.server.requests().all().size();
      String nodes = rig.list("/api/v1/nodes").toString();

      create(rig, "next", SPEC);
      await(rig, "a result", () -> selected(rig) == 2);
      JsonObject result = status(rig).getAsJsonObject("dryRun");
      assertEquals(2, result.get("changed").getAsInt(), result::toString);
      JsonArray changes =
          result.getAsJsonArray("largestGroups").get(0).getAsJsonObject().getAsJsonArray("changes");
      assertTrue(
          changes.contains(JsonParser.parseString("\"+ allocatable nodeqos.io/gold-cpu: 3000\"")),
          changes::toString);
      assertFalse(result.getAsJsonArray("warnings").isEmpty(), "no node has the CSI driver");
      assertEquals("True", condition(rig, "DryRun"));
      assertEquals("True", condition(rig, "Ready"));
      assertEquals("False", condition(rig, "Available"));
      assertEquals(nodes, rig.list("/api/v1/nodes").toString());

      patch(rig, "/api/v1/nodes/a", "{'metadata': {'labels': {'left': ''}}}");
      await(rig, "a result without the node that left", () -> selected(rig) == 1);
      patch(rig, NEXT, "{'spec': {'reservation': {'cpu': '3'}}}");
      await(
          rig,
          "a result of the edit",
          () -> status(rig).toString().contains("~ reservation.cpu: 1 -> 3"));
      rig.admin.delete(NEXT);
      // Another dry run comes after the deletion in the same queue.
      create(rig, "other", "{'dryRun': true}");
      await(rig, "a later status", () -> observed(rig, "other") == 1);

      List<String> writes =
          rig.server.requests().all().stream()
              .skip(before)
              .filter(r -> WRITES.contains(r.verb()))
              .filter(r -> r.userAgent().startsWith("node-qos-controller"))
              .map(r -> r.verb() + " " + r.resource() + "/" + r.subresource())
              .filter(write -> !write.contains("leases") && !write.contains("events"))
              .distinct()
              .toList();
      assertEquals(List.of("patch nodeqospolicies/status"), writes);
    }
  }

  @Test
  void dryRunGoesLive() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      twoNodesAreWarm(rig);
      create(rig, "next", "{'dryRun': true, 'priority': 9, 'reservation': {'cpu': '2'}}");
      await(rig, "a result", () -> selected(rig) == 2);
      assertFalse(rig.node("a").toString().contains("\\\"next\\\""));

      patch(rig, NEXT, "{'spec': {'dryRun': null}}");
      await(rig, "an available policy", () -> "True".equals(condition(rig, "Available")));
      assertTrue(rig.node("a").toString().contains("\\\"next\\\""));
      assertFalse(status(rig).has("dryRun"), status(rig)::toString);
      assertEquals("", condition(rig, "DryRun"));
      assertEquals("True", condition(rig, "Ready"));
    }
  }

  private static void twoNodesAreWarm(ControllerRig rig) throws Exception {
    rig.policy("{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}");
    rig.startController();
    for (String node : List.of("a", "b")) {
      rig.node(node, "-");
      rig.nodeBecomesReady(node);
    }
    await(
        rig,
        "an available policy with two nodes",
        () -> get(rig, POLICIES + "/base").toString().contains("2/2 nodes are available."));
  }

  private static void create(ControllerRig rig, String name, String spec) throws IOException {
    var reply =
        rig.admin.create(
            POLICIES,
            json(
                "{'apiVersion': 'nodeqos.io/v1alpha1', 'kind': 'NodeQoSPolicy', 'metadata':"
                    + " {'name': '"
                    + name
                    + "'}, 'spec': "
                    + spec
                    + "}"));
    assertTrue(reply.ok(), reply.message());
  }

  private static void patch(ControllerRig rig, String path, String patch) throws IOException {
    var reply = rig.admin.patch(path, PatchType.MERGE, json(patch));
    assertTrue(reply.ok(), reply.message());
  }

  private static void await(ControllerRig rig, String description, BooleanSupplier condition)
      throws InterruptedException {
    rig.await(description, condition);
  }

  private static int selected(ControllerRig rig) {
    return status(rig).get("dryRun") instanceof JsonObject run
        ? run.get("selected").getAsInt()
        : -1;
  }

  private static int observed(ControllerRig rig, String name) {
    return get(rig, POLICIES + "/" + name)
        .getAsJsonObject("status")
        .get("observedGeneration")
        .getAsInt();
  }

  private static JsonObject status(ControllerRig rig) {
    return get(rig, NEXT).get("status") instanceof JsonObject status ? status : new JsonObject();
  }

  /** Its status; empty without it. */
  private static String condition(ControllerRig rig, String type) {
    for (JsonElement each : status(rig).getAsJsonArray("conditions")) {
      if (each.getAsJsonObject().get("type").getAsString().equals(type)) {
        return each.getAsJsonObject().get("status").getAsString();
      }
    }
    return "";
  }

  private static JsonObject get(ControllerRig rig, String path) {
    try {
      return rig.admin.get(path).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
  }
}
