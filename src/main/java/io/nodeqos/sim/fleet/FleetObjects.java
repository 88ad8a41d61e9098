// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects of a fleet that has been running for a while without this controller: all nodes are
 * Ready, all agents too, and no node carries a startup taint.
 */
public record FleetObjects(
    List<JsonObject> daemonSets,
    List<JsonObject> nodes,
    List<JsonObject> csiNodes,
    List<JsonObject> pods) {

  public static FleetObjects of(FleetSettings settings, String now) {
    FleetPlan plan = FleetPlan.of(settings);
    FleetObjects all =
        new FleetObjects(
            FleetDaemonSets.agents(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    all.daemonSets.forEach(
        d -> identify(d, settings.seed(), FleetJson.name(d), now).addProperty("generation", 1));
    plan.members().forEach(member -> all.add(settings, member, now));
    return all;
  }

  private void add(FleetSettings settings, FleetPlan.Member member, String now) {
    long seed = settings.seed();
    JsonObject node = FleetNodes.node(member, seed, settings.mix().manyLabels(), now);
    identify(node, seed, member.name(), now);
    node.getAsJsonObject("spec").add("taints", new JsonArray());
    JsonArray conditions = node.getAsJsonObject("status").getAsJsonArray("conditions");
    conditions.remove(conditions.size() - 1);
    conditions.add(
        FleetNodes.condition(
            "Ready", "True", "KubeletReady", "kubelet is posting ready status", now));
    nodes.add(node);
    JsonObject csiNode = FleetNodes.csiNode(member.name(), FleetJson.uid(node));
    identify(csiNode, seed, "csinode/" + member.name(), now);
    csiNode.add(
        "spec",
        FleetNodes.csiDriverPatch(member.name(), List.of(FleetDaemonSets.CSI_DRIVER)).get("spec"));
    csiNodes.add(csiNode);
    for (JsonObject daemonSet : daemonSets) {
      JsonObject pod = FleetDaemonSets.pod(daemonSet, member.name(), 0);
      identify(pod, seed, "pod/" + FleetJson.name(daemonSet) + "/" + member.name(), now);
      boolean ready = !member.stuck() || !FleetPods.app(pod).equals(FleetDaemonSets.NETWORK_AGENT);
      pod.add("status", ready ? FleetPods.ready(pod, now, now) : FleetPods.started(pod, now));
      pods.add(pod);
    }
  }

  private static JsonObject identify(JsonObject object, long seed, String name, String now) {
    JsonObject metadata = object.getAsJsonObject("metadata");
    metadata.addProperty("uid", FleetNodes.uuid(seed, "uid/" + name));
    metadata.addProperty("creationTimestamp", now);
    if (object.get("kind").getAsString().equals("Pod")) {
      metadata.addProperty("namespace", FleetDaemonSets.NAMESPACE);
    }
    return metadata;
  }

  /** The startup taint that kubelets register with by default. */
  public static JsonObject startupTaint() {
    JsonObject taint = new JsonObject();
    taint.addProperty("key", Keys.STARTUP_TAINT);
    taint.addProperty("effect", Keys.STARTUP_TAINT_EFFECT);
    return taint;
  }
}
