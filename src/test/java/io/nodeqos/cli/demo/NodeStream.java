// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetJson;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Lets a new node with a startup taint join and get Ready every 200 ms: work that never ends. */
final class NodeStream implements AutoCloseable {

  private static final long PERIOD_MILLIS = 200;

  private final FleetClient client;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Set<String> joined = new ConcurrentSkipListSet<>();

  NodeStream(FleetClient client) {
    this.client = client;
  }

  void start() {
    var unused = timer.scheduleAtFixedRate(this::join, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** No more nodes join. */
  void stop() throws InterruptedException {
    timer.shutdown();
    if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a node is still joining");
    }
  }

  int size() {
    return joined.size();
  }

  /** The nodes that have joined and are not warm. */
  Set<String> waiting() throws IOException {
    Set<String> waiting = new TreeSet<>(joined);
    for (JsonObject node : FleetJson.objects(client.get("/api/v1/nodes").body(), "items")) {
      boolean tainted = !FleetJson.objects(node, "spec", "taints").isEmpty();
      if (!tainted && FleetJson.text(node, "metadata", "labels", Keys.WARMED_UP).equals("true")) {
        waiting.remove(FleetJson.name(node));
      }
    }
    return waiting;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void join() {
    String name = "node-%05d".formatted(joined.size());
    try {
      client.create("/api/v1/nodes", json(NODE.formatted(name))).expect(name, 409);
      client
          .patch("/api/v1/nodes/" + name + "/status", PatchType.MERGE, json(STATUS))
          .expect(name, 200);
      joined.add(name);
    } catch (IOException again) {
      // The next tick tries the same node.
    }
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static final String NODE =
      """
      {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s"},
       "spec": {"taints": [{"key": "nodeqos.io/warming-up", "effect": "NoSchedule"}]}}
      """;

  private static final String STATUS =
      """
      {"status": {"capacity": {"cpu": "4", "memory": "8Gi"},
                  "allocatable": {"cpu": "4", "memory": "8Gi"},
                  "nodeInfo": {"bootID": "boot-1"},
                  "conditions": [{"type": "Ready", "status": "True"}]}}
      """;
}
