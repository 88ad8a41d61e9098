// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a cluster beside its API server, for nodes that are there already and nodes like
 * them that join: kubelets, the DaemonSet controller and the node lifecycle controller. Has no
 * thread: its caller passes on the changes of the objects.
 */
public final class RestoredFleet {
  private static final Duration HEARTBEAT = Duration.ofMinutes(5);

  private final FleetContext context;
  private final FleetApi api;
  private final SimulatedDaemonSetController daemonSets;
  private final SimulatedNodeLifecycle lifecycle;
  private final long seed;
  private final Map<String, SimulatedKubelet> kubelets = new HashMap<>();

  private RestoredFleet(
      FleetContext context,
      FleetApi api,
      SimulatedDaemonSetController daemonSets,
      SimulatedNodeLifecycle lifecycle,
      long seed) {
    this.context = context;
    this.api = api;
    this.daemonSets = daemonSets;
    this.lifecycle = lifecycle;
    this.seed = seed;
  }

  public static RestoredFleet of(
      FleetApi api, FleetSteps steps, TimeSource time, FleetTimings timings, long seed) {
    FleetContext context = new FleetContext(timings, HEARTBEAT, steps, time);
    return new RestoredFleet(
        context,
        api,
        new SimulatedDaemonSetController(context, api),
        new SimulatedNodeLifecycle(context, api),
        seed);
  }

  /** Starts the periodic reports; to be called once. */
  public void start() {
    daemonSets.start();
  }

  /** Takes over a node that is registered. Its pods stay as they are; new ones are run. */
  public void adopt(JsonObject node, CsiDrivers drivers) {
    take(new CopiedMachine(node, Duration.ZERO, drivers, seed));
  }

  /**
   * Lets a node join that is like a present one.
   *
   * @param number counts on from the present nodes; in its name
   * @param startupTaint a taint of the kubelet's {@code --register-with-taints}
   * @param after from now to its registration
   * @return its name
   */
  public String join(
      JsonObject like,
      int number,
      Optional<JsonObject> startupTaint,
      CsiDrivers drivers,
      Duration after) {
    int free = number;
    while (kubelets.containsKey(NodeCopies.next(FleetJson.name(like), free))) {
      free++;
    }
    String name = NodeCopies.next(FleetJson.name(like), free);
    JsonObject node = NodeCopies.of(like, name, startupTaint, seed);
    take(new CopiedMachine(node, after, drivers, seed)).start();
    return name;
  }

  private SimulatedKubelet take(Machine machine) {
    SimulatedKubelet kubelet = new SimulatedKubelet(context, machine, api);
    kubelets.put(machine.name(), kubelet);
    return kubelet;
  }

  /** A pod that ran is not Ready any more, and stays so. */
  public void fail(JsonObject pod) {
    JsonObject patch = new JsonObject();
    patch.add("status", FleetPods.stopped(pod, context.now()));
    context
        .steps()
        .soon(() -> api.patch(FleetPods.path(pod) + "/status", PatchType.STRATEGIC, patch));
  }

  public void reboot(String node) throws IOException {
    kubelets.get(node).reboot();
  }

  /** Receives the nodes. */
  public FleetWatch.Handler nodes() {
    return Fleet.both(daemonSets.nodeHandler(), lifecycle);
  }

  /** Receives the pods of all namespaces. */
  public FleetWatch.Handler pods() {
    return Fleet.both(daemonSets.podHandler(), new Fleet.PodDispatch(kubelets));
  }

  /** Receives the DaemonSets of all namespaces. */
  public FleetWatch.Handler daemonSets() {
    return daemonSets.daemonSetHandler();
  }
}
