// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.GsonBuilder;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.preview.PreviewFixture;
import io.nodeqos.text.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Whole outputs: read them as an operator would. */
class PlanTextTest {
  private static final String GPU =
      """
      {"priority": 100, "nodeSelector": {"matchLabels": {"pool": "gpu"}},
       "quota": {"classes": [
         {"name": "training", "memory": {"high": "80%"}},
         {"name": "inference", "cpu": {"max": "25%"}, "advertise": {"cpu": "25%"}}]},
       "warmUp": {"reservedPods": [
         {"namespace": "kube-system", "selector": {"matchLabels": {"k8s-app": "cni"}}}]}}
      """;

  private static final String NEW_GPU =
      """
      {"priority": 100, "nodeSelector": {"matchLabels": {"pool": "gpu"}},
       "quota": {"classes": [
         {"name": "training", "memory": {"high": "70%"}},
         {"name": "inference", "cpu": {"max": "15%"}, "advertise": {"cpu": "15%"}}]},
       "images": [{"ref": "registry.example.com/ml/server:24.12"}],
       "warmUp": {
         "csiDrivers": [{"name": "nvme.example.com"}],
         "reservedPods": [
           {"namespace": "kube-system", "selector": {"matchLabels": {"k8s-app": "cni"}}},
           {"namespace": "kube-system", "selector": {"matchLabels": {"k8s-app": "nvme"}}}]}}
      """;

  private static final String OVERRIDE =
      """
      {"priority": 200, "nodeSelector": {"matchLabels": {"pool": "gpu", "own": "yes"}},
       "quota": {"classes": [{"name": "own"}]}, "images": [], "warmUp": {}}
      """;

  private final PreviewFixture cluster = new PreviewFixture();

  @Test
  void changedPolicyOfManyNodes() throws IOException {
    assertText("changed.txt", new PlanText(TextFormat.plain(), false), gpus().plan("gpu", NEW_GPU));
  }

  @Test
  void changedPolicyWithAllNodesAndColumns() throws IOException {
    assertText(
        "changed-wide.txt",
        new PlanText(new TextFormat(0, false, true), true),
        gpus().plan("gpu", NEW_GPU));
  }

  @Test
  void changedPolicyForPrograms() throws IOException {
    String json =
        new GsonBuilder()
            .disableHtmlEscaping()
            .setPrettyPrinting()
            .create()
            .toJson(PlanJson.of(gpus().plan("gpu", NEW_GPU)));
    assertEquals(resource("changed.json").strip(), json);
  }

  @Test
  void deletedPolicyWhoseMarksTheBrakeHolds() throws IOException {
    PolicyObject policy =
        PolicyFixture.policy("base", "{'deletionPolicy': 'Remove', 'warmUp': {}}");
    cluster.policy(policy.withFinalizers(policy.meta().resourceVersion(), List.of(Keys.FINALIZER)));
    for (int i = 0; i < 15; i++) {
      cluster.warm(named(i));
    }
    assertText(
        "deleted.txt",
        new PlanText(TextFormat.plain(), false),
        cluster.converged().planDeletion("base"));
  }

  @Test
  void nothingChanges() throws IOException {
    assertText("unchanged.txt", new PlanText(TextFormat.plain(), false), gpus().plan("gpu", GPU));
  }

  private PreviewFixture gpus() {
    cluster.policy("gpu", GPU).policy("override", OVERRIDE);
    cluster.daemonSet(ReservedFixture.daemonSet("cni", List.of(ReservedFixture.EVERYTHING)));
    cluster.daemonSet(ReservedFixture.daemonSet("nvme", List.of()));
    for (int i = 0; i < 60; i++) {
      NodeFixture gpu =
          named(i).label("pool", "gpu").resource("cpu", "96").resource("memory", "512Gi");
      cluster.warm(i % 5 == 0 ? gpu.label("own", "yes") : gpu);
    }
    for (int i = 60; i < 200; i++) {
      cluster.node(named(i));
    }
    cluster.converged();
    return cluster
        .request("infer-6f9c", "gpu-00021", "nodeqos.io/inference-cpu", 8000)
        .request("infer-8d2k", "gpu-00021", "nodeqos.io/inference-cpu", 8000)
        .request("serve-0", "gpu-00022", "nodeqos.io/inference-cpu", 14_000);
  }

  private static NodeFixture named(int number) {
    String name = (number < 60 ? "gpu-" : "cpu-") + String.format(Locale.ROOT, "%05d", number);
    return node(name).uid("uid-" + name);
  }

  private static void assertText(String file, PlanText text, PolicyPlan plan) throws IOException {
    assertEquals(resource(file).stripTrailing(), String.join("\n", text.lines(plan)));
  }

  private static String resource(String file) throws IOException {
    try (InputStream in = PlanTextTest.class.getResourceAsStream(file)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
