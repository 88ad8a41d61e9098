// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetWatch;
import io.nodeqos.thread.DaemonThreads;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The agents of all nodes, as in the contract between the controller and node agents: each applies
 * the configuration of its node, and acknowledges it or says why it cannot. The kernel of every
 * tenth node was built without CFS bandwidth control, so its cgroups have no file {@code cpu.max}.
 */
final class NodeAgents implements FleetWatch.Handler, AutoCloseable {
  private static final int EVERY = 10;

  /** The third node is among the first in its zone, so a step of three nodes has it. */
  private static final int FIRST = 2;

  /** An agent polls, and writes files. */
  private static final long APPLY_MILLIS = 400;

  private final FleetClient client;
  private final ScheduledExecutorService thread;

  // Guarded by this: node to the version that its agent deals with or has dealt with.
  private final Map<String, String> handled = new HashMap<>();

  NodeAgents(FleetClient client) {
    this.client = client.as("nodeqos-demo-agent");
    this.thread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("agents"));
  }

  /** True for the node of which the kernel has no {@code cpu.max}. */
  static boolean isOld(String node) {
    return Integer.parseInt(node.substring(node.lastIndexOf('-') + 1)) % EVERY == FIRST;
  }

  @Override
  public void listed(List<JsonObject> all) {
    all.forEach(node -> changed("MODIFIED", node));
  }

  @Override
  public synchronized void changed(String type, JsonObject node) {
    String name = FleetJson.name(node);
    String version = FleetJson.strings(node, "metadata", "labels").get(Keys.CONFIG_VERSION);
    if (type.equals("DELETED") || version == null || version.equals(handled.get(name))) {
      return;
    }
    handled.put(name, version);
    String config = FleetJson.text(node, "metadata", "annotations", Keys.CONFIG);
    later(name, patch(version, isOld(name) ? problem(config) : Optional.empty()));
  }

  /** What the agent says of a configuration that it cannot apply without {@code cpu.max}. */
  private static Optional<String> problem(String config) {
    return FleetJson.objects(JsonParser.parseString(config).getAsJsonObject(), "quota", "classes")
        .stream()
        .filter(c -> !FleetJson.text(c, "cpu", "max").isEmpty())
        .map(c -> "nodeqos-" + FleetJson.text(c, "name") + "/cpu.max: No such file or directory")
        .findFirst();
  }

  private static JsonObject patch(String version, Optional<String> problem) {
    JsonObject annotations = new JsonObject();
    if (problem.isPresent()) {
      annotations.addProperty(Keys.APPLY_ERROR, version + " " + problem.get());
    } else {
      annotations.addProperty(Keys.APPLIED_VERSION, version);
      annotations.add(Keys.APPLY_ERROR, JsonNull.INSTANCE);
    }
    JsonObject metadata = new JsonObject();
    metadata.add("annotations", annotations);
    JsonObject patch = new JsonObject();
    patch.add("metadata", metadata);
    return patch;
  }

  private void later(String node, JsonObject patch) {
    if (!thread.isShutdown()) {
      var unused = thread.schedule(() -> write(node, patch), APPLY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void write(String node, JsonObject patch) {
    try {
      client.patch("/api/v1/nodes/" + node, PatchType.MERGE, patch);
    } catch (IOException e) {
      later(node, patch);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
