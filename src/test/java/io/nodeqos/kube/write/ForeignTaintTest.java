// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.value.Taint;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeWriter.ReadResult;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Taints are one list that is replaced whole. Another controller adds and removes its own while we
 * add and remove ours: neither may lose one of the other's, nor a field it does not know.
 */
class ForeignTaintTest {
  private static final int ROUNDS = 150;
  private static final String NODE = "/api/v1/nodes/n1";

  @TempDir Path directory;

  @Test
  void concurrentWritersLoseNoForeignTaint() throws Exception {
    try (SimCluster api = new SimCluster()) {
      api.node("n1");
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Future<Set<String>> foreign = threads.submit(() -> foreignTainter(api, new Random(7)));
        Future<Integer> ours = threads.submit(() -> ourTaint(api, new Random(8)));

        Set<String> expected = foreign.get();
        assertTrue(ours.get() > 0, "the two have met: there were conflicts");
        assertEquals(expected, foreignTaints(api.get(NODE)), "all that the other one has set");
      } finally {
        threads.shutdownNow();
      }
    }
  }

  /** Returns the foreign taints that must be on the node in the end. */
  private static Set<String> foreignTainter(SimCluster api, Random random) {
    Set<String> wanted = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      int key = random.nextInt(6);
      while (true) {
        JsonObject node = api.get(NODE);
        assertEquals(wanted, foreignTaints(node), "before round " + round);
        if (api.send("PATCH", NODE, "application/merge-patch+json", toggled(node, key, round))
                .statusCode()
            == 200) {
          break;
        }
      }
      String taint =
          wanted.stream().filter(t -> t.contains("key" + key + "\"")).findAny().orElse("");
      if (taint.isEmpty()) {
        wanted.add(foreignTaint(key, round).toString());
      } else {
        wanted.remove(taint);
      }
    }
    return wanted;
  }

  private static JsonObject foreignTaint(int key, int round) {
    JsonObject taint = new JsonObject();
    taint.addProperty("key", "example.com/key" + key);
    taint.addProperty("value", "round" + round);
    taint.addProperty("effect", "NoSchedule");
    taint.addProperty("timeAdded", "2026-11-03T10:00:00Z");
    return taint;
  }

  private static String toggled(JsonObject node, int key, int round) {
    JsonArray taints = new JsonArray();
    boolean found = false;
    for (JsonElement taint : taints(node)) {
      if (taint.getAsJsonObject().get("key").getAsString().equals("example.com/key" + key)) {
        found = true;
      } else {
        taints.add(taint);
      }
    }
    if (!found) {
      taints.add(foreignTaint(key, round));
    }
    String version = node.getAsJsonObject("metadata").get("resourceVersion").getAsString();
    return "{\"metadata\":{\"resourceVersion\":\""
        + version
        + "\"},\"spec\":{\"taints\":"
        + taints
        + "}}";
  }

  private static JsonArray taints(JsonObject node) {
    JsonObject spec = node.getAsJsonObject("spec");
    return spec == null || !spec.has("taints") ? new JsonArray() : spec.getAsJsonArray("taints");
  }

  private static Set<String> foreignTaints(JsonObject node) {
    Set<String> result = new TreeSet<>();
    for (JsonElement taint : taints(node)) {
      if (!taint.getAsJsonObject().get("key").getAsString().equals(Keys.STARTUP_TAINT)) {
        result.add(taint.toString());
      }
    }
    return result;
  }

  /** Adds and removes our taint, now and then on an old view; returns how often it lost a race. */
  private int ourTaint(SimCluster api, Random random) {
    NodePatcher patcher =
        new NodePatcher(
            TestClients.write(directory, api.url(), new OpenFence()),
            new WriteLimiter(new KubeSettings.WriteRate(100_000, 100_000), TimeSource.system()),
            Set.of());
    int conflicts = 0;
    NodeView view = read(patcher);
    for (int done = 0; done < ROUNDS; ) {
      WriteResult result = patcher.patchMetadata(view.meta(), toggleOurs(view));
      if (result instanceof WriteResult.Conflict) {
        conflicts++;
        view = read(patcher);
      } else {
        assertInstanceOf(WriteResult.Ok.class, result, result.toString());
        done++;
        if (random.nextInt(4) > 0) {
          view = read(patcher);
        }
      }
    }
    return conflicts;
  }

  private static NodeView read(NodePatcher patcher) {
    return assertInstanceOf(ReadResult.Found.class, patcher.read("n1")).node();
  }

  private static MetadataChange toggleOurs(NodeView node) {
    List<Taint> taints = new ArrayList<>(node.taints());
    Taint ours = Taint.of(Keys.STARTUP_TAINT, Keys.STARTUP_TAINT_EFFECT);
    if (!taints.removeIf(t -> t.is(ours.key(), ours.effect()))) {
      taints.add(ours);
    }
    return new MetadataChange(Map.of(), Set.of(), Map.of(), Set.of(), Optional.of(taints));
  }
}
