// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Node and CSINode objects as a kubelet first writes them. */
final class FleetNodes {

  /** Kept on a node by the node lifecycle controller for as long as it is not Ready. */
  static final String NOT_READY_TAINT = "node.kubernetes.io/not-ready";

  private FleetNodes() {}

  static JsonObject node(FleetPlan.Member member, long seed, boolean manyLabels, String now) {
    boolean gpu = member.pool().equals(FleetPlan.POOL_GPU);
    int cpus = gpu ? 32 : 8;
    int memoryGi = gpu ? 128 : 32;
    JsonObject node =
        JsonParser.parseString(
                """
                {"apiVersion": "v1", "kind": "Node",
                 "metadata": {"name": "%1$s", "annotations": {
                   "volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
                 "spec": {"providerID": "demo:///%2$s/%1$s", "taints": [
                   {"key": "%3$s", "effect": "NoSchedule"},
                   {"key": "%4$s", "effect": "NoSchedule"}]},
                 "status": {
                   "capacity": {"cpu": "%5$d", "memory": "%6$dKi", "pods": "110",
                     "ephemeral-storage": "103746024Ki", "hugepages-2Mi": "0"},
                   "allocatable": {"cpu": "%7$dm", "memory": "%8$dKi", "pods": "110",
                     "ephemeral-storage": "94538593000", "hugepages-2Mi": "0"},
                   "addresses": [
                     {"type": "InternalIP", "address": "10.%9$d.%10$d.%11$d"},
                     {"type": "Hostname", "address": "%1$s"}],
                   "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
                   "images": [],
                   "nodeInfo": {"architecture": "amd64", "operatingSystem": "linux",
                     "bootID": "%12$s", "machineID": "%13$s", "systemUUID": "%13$s",
                     "kernelVersion": "6.8.0-45-generic", "osImage": "Ubuntu 24.04.1 LTS",
                     "containerRuntimeVersion": "containerd://2.0.0",
                     "kubeletVersion": "v1.34.2", "kubeProxyVersion": "v1.34.2"}}}
                """
                    .formatted(
                        member.name(),
                        member.zone(),
                        Keys.STARTUP_TAINT,
                        NOT_READY_TAINT,
                        cpus,
                        memoryGi * 1024 * 1024,
                        cpus * 1000 - 80,
                        memoryGi * 1024 * 1024 - 1_048_576,
                        member.index() / 65_536,
                        member.index() / 256 % 256,
                        member.index() % 256,
                        bootId(seed, member, 0),
                        uuid(seed, member.name() + "/machine")))
            .getAsJsonObject();
    node.getAsJsonObject("metadata").add("labels", labels(member, gpu, manyLabels));
    node.getAsJsonObject("status").add("conditions", conditions(now));
    return node;
  }

  /**
   * The bootID of a node.
   *
   * @param reboots how often it has been rebooted
   */
  static String bootId(long seed, FleetPlan.Member member, int reboots) {
    return uuid(seed, member.name() + "/boot" + (reboots == 0 ? "" : "-" + reboots));
  }

  /** A CSINode without any driver, owned by the node. */
  static JsonObject csiNode(String node, String uid) {
    return JsonParser.parseString(
            """
            {"apiVersion": "storage.k8s.io/v1", "kind": "CSINode",
             "metadata": {"name": "%1$s", "ownerReferences": [
               {"apiVersion": "v1", "kind": "Node", "name": "%1$s", "uid": "%2$s"}]},
             "spec": {"drivers": []}}
            """
                .formatted(node, uid))
        .getAsJsonObject();
  }

  static JsonObject csiDriverPatch(String node, List<String> drivers) {
    JsonArray all = new JsonArray();
    for (String driver : drivers) {
      all.add(
          JsonParser.parseString(
              """
              {"name": "%2$s", "nodeID": "%1$s",
               "topologyKeys": ["topology.kubernetes.io/zone"], "allocatable": {"count": 25}}
              """
                  .formatted(node, driver)));
    }
    JsonObject spec = new JsonObject();
    spec.add("drivers", all);
    JsonObject patch = new JsonObject();
    patch.add("spec", spec);
    return patch;
  }

  private static JsonObject labels(FleetPlan.Member member, boolean gpu, boolean many) {
    JsonObject labels = new JsonObject();
    String type = gpu ? "demo.gpu.8xlarge" : "demo.general.2xlarge";
    labels.addProperty("kubernetes.io/hostname", member.name());
    labels.addProperty("kubernetes.io/os", "linux");
    labels.addProperty("kubernetes.io/arch", "amd64");
    labels.addProperty("node.kubernetes.io/instance-type", type);
    labels.addProperty("topology.kubernetes.io/region", "demo");
    labels.addProperty("topology.kubernetes.io/zone", "demo-" + member.zone());
    labels.addProperty(FleetPlan.POOL_LABEL, member.pool());
    labels.addProperty("node-role.kubernetes.io/worker", "");
    if (many) {
      labels.addProperty("beta.kubernetes.io/os", "linux");
      labels.addProperty("beta.kubernetes.io/arch", "amd64");
      labels.addProperty("beta.kubernetes.io/instance-type", type);
      labels.addProperty("failure-domain.beta.kubernetes.io/zone", "demo-" + member.zone());
      for (int i = 0; i < 23; i++) {
        labels.addProperty("feature.node.kubernetes.io/cpu-cpuid.F" + i, "true");
      }
    }
    return labels;
  }

  static JsonArray conditions(String now) {
    JsonArray conditions = new JsonArray();
    for (String pressure : SimulatedKubelet.PRESSURES) {
      conditions.add(
          condition(
              pressure, "False", "KubeletHasNo" + pressure, "kubelet has no " + pressure, now));
    }
    conditions.add(
        condition(
            "Ready",
            "False",
            "KubeletNotReady",
            "container runtime network not ready: cni plugin not initialized",
            now));
    return conditions;
  }

  static JsonObject condition(
      String type, String status, String reason, String message, String transition) {
    JsonObject condition = new JsonObject();
    condition.addProperty("type", type);
    condition.addProperty("status", status);
    condition.addProperty("reason", reason);
    condition.addProperty("message", message);
    condition.addProperty("lastHeartbeatTime", transition);
    condition.addProperty("lastTransitionTime", transition);
    return condition;
  }

  static String uuid(long seed, String of) {
    return UUID.nameUUIDFromBytes((seed + "/" + of).getBytes(StandardCharsets.UTF_8)).toString();
  }
}
