// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.Main;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.write.PlannedPatches;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.patch.Patches;
import io.nodeqos.sim.resource.BuiltInResources;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command plan for 5,000 nodes of 20 KB, as a process of its own with a heap of 256 MiB. */
class LargePlanTest {
  private static final int NODES = 5_000;
  private static final ResourceType NODE =
      BuiltInResources.all().stream()
          .filter(type -> type.names().plural().equals("nodes"))
          .findFirst()
          .orElseThrow();
  private static final String BASE =
      """
      {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy",
       "metadata": {"name": "base"},
       "spec": {
         "reservation": {"cpu": "1", "memory": "2Gi", "countReservedPods": true},
         "quota": {"classes": [
           {"name": "batch", "cpu": {"max": "50%"}, "memory": {"high": "60%"},
            "advertise": {"cpu": "50%", "memory": "40%"}},
           {"name": "inference", "cpu": {"weight": 400}, "advertise": {"cpu": "25%"}}]},
         "warmUp": {"nodeReady": {}, "csiDrivers": [{"name": "csi.example.com"}],
           "reservedPods": [{"namespace": "kube-system"}]}}}
      """;

  @TempDir Path directory;

  @Test
  void fiveThousandNodesInAHeapOf256Mebibytes() throws IOException, InterruptedException {
    Path policy =
        Files.writeString(
            directory.resolve("base.json"), BASE.replace("\"cpu\": \"25%\"", "\"cpu\": \"20%\""));
    try (LargeFleet fleet = LargeFleet.start(NODES, List.of(BASE), converged())) {
      Process plan =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  "plan",
                  "--kubeconfig",
                  kubeconfig(fleet).toString(),
                  "-o",
                  "json",
                  "-f",
                  policy.toString())
              .redirectError(directory.resolve("err").toFile())
              .start();
      String out = new String(plan.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertTrue(plan.waitFor(1, TimeUnit.MINUTES));
      assertEquals(0, plan.exitValue(), () -> out + read(directory.resolve("err")));
      JsonObject json = JsonParser.parseString(out).getAsJsonObject();
      assertEquals(NODES, json.get("changed").getAsInt());
      assertEquals(0, json.get("pending").getAsInt(), "the fleet was as its policy wants it");
      assertEquals(3, json.getAsJsonArray("groups").size(), "a group for each size");
    }
  }

  /** Nodes that carry all that their policy wants. */
  private List<JsonObject> converged() throws IOException {
    List<JsonObject> nodes = new ArrayList<>(LargeFleet.bareNodes());
    try (LargeFleet small = LargeFleet.start(nodes.size(), List.of(BASE), nodes)) {
      for (int round = 0; round < 3; round++) {
        ClusterSnapshot snapshot = snapshot(small);
        List<NodePreview> plans =
            FleetPlanner.of(
                    SnapshotCluster.of(snapshot),
                    FleetPlanner.catalog(snapshot.policies()),
                    ReconcileSettings.DEFAULTS,
                    SpinnerSettings.DEFAULTS,
                    TimeSource.of(snapshot::takenAt, () -> 0L))
                .decideAll();
        for (int i = 0; i < nodes.size(); i++) {
          nodes.set(i, written(nodes.get(i), plans.get(i), snapshot));
        }
      }
    }
    return nodes;
  }

  private static JsonObject written(JsonObject before, NodePreview plan, ClusterSnapshot snapshot) {
    JsonObject node = before;
    for (PlannedPatches.Patch patch : PlannedPatches.of(plan.plan(), snapshot.takenAt())) {
      JsonObject body = JsonParser.parseString(patch.body()).getAsJsonObject();
      body.getAsJsonObject("metadata").remove("resourceVersion");
      node =
          Patches.of(
                  NODE,
                  patch.resource().equals("nodes")
                      ? "application/merge-patch+json"
                      : "application/strategic-merge-patch+json",
                  body.toString()
                      .replace(plan.node(), LargeFleet.NODE_NAME)
                      .getBytes(StandardCharsets.UTF_8))
              .apply(node);
    }
    return node;
  }

  private ClusterSnapshot snapshot(LargeFleet fleet) throws IOException {
    return SnapshotReader.of(
            TestClients.watch(directory, fleet.url()), Pauses.system(), ListReader.Progress.NONE)
        .read(
            new Wanted(
                new ClusterSnapshot.Controller("nodeqos-system", Optional.empty()),
                KubeSettings.defaults(),
                true))
        .value();
  }

  private Path kubeconfig(LargeFleet fleet) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: "%s"}}]
        users: [{name: test, user: {token: s3cret}}]
        """
            .formatted(fleet.url()));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
