// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.QosWorld;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Startup taints under prefixes that other controllers use as well. */
@RealApi
class StartupTaintPrefixIT {
  private static final String READINESS =
      "{\"key\":\"readiness.k8s.io/NetworkReady\",\"value\":\"pending\",\"effect\":\"NoSchedule\"}";
  private static final String ACME = "{\"key\":\"acme.io/theirs\",\"effect\":\"NoExecute\"}";

  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;
  private final QosWorld world;

  @TempDir Path folder;

  StartupTaintPrefixIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica = installation.replica("prefix-" + UUID.randomUUID());
    installation.removeLease();
    this.world = new QosWorld(plane);
  }

  @BeforeEach
  void createNode() throws IOException {
    Files.writeString(folder.resolve("config.yaml"), "startupTaintPrefixes: acme.io/\n");
    world.createNode();
  }

  @AfterEach
  void removeAll() {
    installation.remove(replica);
    world.remove();
  }

  private void taint(String ours) {
    String taints =
        String.join(",", READINESS, "{\"key\":\"" + ours + "\",\"effect\":\"NoSchedule\"}", ACME);
    world.mergeNode("{\"spec\": {\"taints\": [" + taints + "]}}");
  }

  private static String policy(String key) {
    return "{'warmUp': {'taintKey': '" + key + "', 'nodeReady': {}}}";
  }

  private static List<String> taints(JsonObject node) {
    return StreamSupport.stream(
            node.getAsJsonObject("spec").getAsJsonArray("taints").spliterator(), false)
        .map(JsonElement::toString)
        .toList();
  }

  @Test
  void onlyTheKeyThatThePolicyNamesIsRemoved() {
    taint("readiness.k8s.io/warm");
    world.createPolicy(policy("readiness.k8s.io/warm"));
    try (ControllerRun controller =
        ControllerRun.withSettings(plane, replica, folder.resolve("config.yaml"))) {
      JsonObject warm = world.nodeUntil("warm node", QosWorld::isWarm);
      assertEquals(List.of(READINESS, ACME), taints(warm));

      world.changePolicy(policy("acme.io/warm"));
      taint("acme.io/warm");
      JsonObject again =
          world.nodeUntil("node without our taint", node -> taints(node).size() == 2);
      assertEquals(List.of(READINESS, ACME), taints(again));
      assertEquals(0, controller.terminate(), controller::log);
    }
  }
}
