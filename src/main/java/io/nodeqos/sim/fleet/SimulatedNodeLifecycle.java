// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetClient.Reply;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The part of the node lifecycle controller that matters for another writer of taints: it keeps the
 * taint {@value FleetNodes#NOT_READY_TAINT} of effect NoSchedule on a node for as long as that is
 * not Ready. Taints are one atomic list, so it reads the node and writes the list back under that
 * node's resourceVersion.
 */
final class SimulatedNodeLifecycle implements FleetWatch.Handler {

  private final FleetContext context;
  private final FleetApi client;

  // Guarded by this: nodes whose taint is being written.
  private final Set<String> busy = new HashSet<>();

  SimulatedNodeLifecycle(FleetContext context, FleetApi client) {
    this.context = context;
    this.client = client;
  }

  @Override
  public void listed(List<JsonObject> all) {
    all.forEach(node -> changed("MODIFIED", node));
  }

  @Override
  public synchronized void changed(String type, JsonObject node) {
    String name = FleetJson.name(node);
    if (!type.equals("DELETED") && differs(node) && busy.add(name)) {
      context.steps().soon(() -> correct(name));
    }
  }

  private void correct(String name) throws IOException {
    String path = "/api/v1/nodes/" + name;
    Reply reply;
    do {
      JsonObject node = client.get(path).body();
      if (!differs(node)) {
        break;
      }
      reply = client.patch(path, PatchType.MERGE, correction(node));
    } while (reply.expect("the taints of " + name, 409).code() == 409);
    synchronized (this) {
      busy.remove(name);
    }
  }

  private static boolean differs(JsonObject node) {
    return !FleetJson.name(node).isEmpty() && isReady(node) == isTainted(node);
  }

  private static boolean isReady(JsonObject node) {
    return FleetJson.text(FleetJson.condition(node, "Ready"), "status").equals("True");
  }

  private static boolean isTainted(JsonObject node) {
    return FleetJson.objects(node, "spec", "taints").stream()
        .anyMatch(SimulatedNodeLifecycle::isOurs);
  }

  private static boolean isOurs(JsonObject taint) {
    return FleetJson.text(taint, "key").equals(FleetNodes.NOT_READY_TAINT)
        && FleetJson.text(taint, "effect").equals("NoSchedule");
  }

  private static JsonObject correction(JsonObject node) {
    JsonArray taints = new JsonArray();
    FleetJson.objects(node, "spec", "taints").stream()
        .filter(taint -> !isOurs(taint))
        .forEach(taints::add);
    if (!isReady(node)) {
      JsonObject notReady = new JsonObject();
      notReady.addProperty("key", FleetNodes.NOT_READY_TAINT);
      notReady.addProperty("effect", "NoSchedule");
      taints.add(notReady);
    }
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", FleetJson.text(node, "metadata", "resourceVersion"));
    JsonObject spec = new JsonObject();
    spec.add("taints", taints);
    JsonObject patch = new JsonObject();
    patch.add("metadata", metadata);
    patch.add("spec", spec);
    return patch;
  }
}
