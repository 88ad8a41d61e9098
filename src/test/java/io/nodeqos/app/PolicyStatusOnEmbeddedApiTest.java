// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status of a policy, by a whole controller. */
class PolicyStatusOnEmbeddedApiTest {
  private static final String POLICY = "/apis/nodeqos.io/v1alpha1/nodeqospolicies/base";

  @TempDir Path directory;

  @Test
  void suspensionIsReportedInStatusMetricsAndEventsAndKeepsTheCounts() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      oneNodeIsWarm(rig);
      patch(rig, POLICY, "{'spec': {'suspend': true}}");
      rig.await("a suspended policy", () -> "Suspended".equals(text(rig, "Progressing", "reason")));
      String message = text(rig, "Progressing", "message");
      assertTrue(
          message.matches(
              "The policy has been suspended since \\S+Z: 1 node is frozen as it is \\(1"
                  + " warm\\)\\."),
          message);
      assertEquals("True", text(rig, "Suspended", "status"));
      assertEquals("True", text(rig, "Available", "status"));
      assertEquals(
          JsonParser.parseString(
              "{'matched': 1, 'configured': 1, 'warm': 1, 'waiting': 0, 'frozen': 1}"
                  .replace('\'', '"')),
          status(rig).get("nodes"));
      assertEquals(1, rig.metric("qos_nodes{phase=\"warm\",}"));
      assertEquals(1, rig.metric("qos_frozen_nodes{phase=\"warm\",}"));
      assertEquals(1, rig.metric("qos_policy_frozen_nodes{policy=\"base\",}"));
      assertEquals(1, rig.metric("qos_events_total{type=\"POLICY_SUSPENDED\",}"));

      patch(rig, POLICY, "{'spec': {'suspend': false}}");
      rig.await("a settled policy", () -> "Settled".equals(text(rig, "Progressing", "reason")));
      assertEquals("", text(rig, "Suspended", "status"));
      assertEquals(0, rig.metric("qos_frozen_nodes{phase=\"warm\",}"));
    }
  }

  @Test
  void policyIsAvailableOnceItsNewGenerationIsOnTheNodes() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      oneNodeIsWarm(rig);
      for (int weight = 2; weight <= 6; weight++) {
        String before = version(rig);
        patch(
            rig,
            POLICY,
            "{'spec': {'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': "
                + weight
                + "}}]}}}");
        String generation = policy(rig).getAsJsonObject("metadata").get("generation").getAsString();
        rig.await(
            "an available generation " + generation,
            () ->
                "True".equals(text(rig, "Available", "status"))
                    && generation.equals(text(rig, "Available", "observedGeneration")));
        assertTrue(!version(rig).equals(before), "it was available with the generation before");
      }
    }
  }

  @Test
  void wipedStatusIsRestoredWithOneWrite() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      oneNodeIsWarm(rig);
      JsonObject status = status(rig);
      long before = statusWrites(rig);
      patch(
          rig,
          POLICY + "/status",
          "{'status': {'conditions': null, 'nodes': null, 'observedGeneration': null,"
              + " 'configVersions': null}}");
      rig.await("the status before", () -> status.equals(status(rig)));
      Thread.sleep(3_000);
      assertEquals(before + 2, statusWrites(rig), "the one that wiped it and one more");
    }
  }

  private void oneNodeIsWarm(ControllerRig rig) throws Exception {
    rig.policy(
        "{'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': 1}}]}, 'warmUp': {'nodeReady':"
            + " {}}}");
    rig.startController();
    rig.node("n", "-");
    rig.nodeBecomesReady("n");
    rig.await(
        "an available policy with one node",
        () ->
            "True".equals(text(rig, "Available", "status"))
                && "1/1 nodes are available.".equals(text(rig, "Available", "message"))
                && "Settled".equals(text(rig, "Progressing", "reason")));
  }

  private static long statusWrites(ControllerRig rig) {
    return rig.server.requests().all().stream()
        .filter(r -> r.resource().equals("nodeqospolicies") && r.subresource().equals("status"))
        .count();
  }

  private static String version(ControllerRig rig) throws IOException {
    return rig.node("n")
        .getAsJsonObject("metadata")
        .getAsJsonObject("labels")
        .get("nodeqos.io/config-version")
        .getAsString();
  }

  private static void patch(ControllerRig rig, String path, String patch) throws IOException {
    var reply =
        rig.admin.patch(
            path,
            PatchType.MERGE,
            JsonParser.parseString(patch.replace('\'', '"')).getAsJsonObject());
    assertTrue(reply.ok(), reply.message());
  }

  private static JsonObject policy(ControllerRig rig) {
    try {
      return rig.admin.get(POLICY).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject status(ControllerRig rig) {
    return Objects.requireNonNullElseGet(policy(rig).getAsJsonObject("status"), JsonObject::new);
  }

  /** Of a condition; empty without it. */
  private static String text(ControllerRig rig, String type, String field) {
    JsonElement conditions = status(rig).get("conditions");
    if (conditions != null) {
      for (JsonElement one : conditions.getAsJsonArray()) {
        if (one.getAsJsonObject().get("type").getAsString().equals(type)) {
          return one.getAsJsonObject().get(field).getAsString();
        }
      }
    }
    return "";
  }
}
