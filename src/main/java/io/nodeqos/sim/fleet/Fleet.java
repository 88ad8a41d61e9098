// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Simulates the parts of a cluster beside its API server: the kubelets of nodes that join over
 * time, the DaemonSet controller with two system agents in {@value FleetDaemonSets#NAMESPACE}, and
 * the node lifecycle controller. All requests go through the ordinary API, so it runs against any
 * API server, and a controller under test cannot distinguish it from real nodes.
 *
 * <p>Uses the same few threads for any number of nodes.
 */
public final class Fleet implements AutoCloseable {

  private static final int THREADS = 8;
  private static final String VERSION = "v1.34.2 (linux/amd64) kubernetes/demo";
  private static final String MANAGER =
      "kube-controller-manager/" + VERSION + "/system:serviceaccount:kube-system:";

  private final FleetScheduler scheduler;
  private final FleetPlan plan;
  private final FleetClient client;
  private final Map<String, SimulatedKubelet> kubelets;
  private final SimulatedDaemonSetController daemonSetController;
  private final List<FleetWatch> watches;

  private Fleet(
      FleetScheduler scheduler,
      FleetPlan plan,
      FleetClient client,
      Map<String, SimulatedKubelet> kubelets,
      SimulatedDaemonSetController daemonSetController,
      List<FleetWatch> watches) {
    this.scheduler = scheduler;
    this.plan = plan;
    this.client = client;
    this.kubelets = kubelets;
    this.daemonSetController = daemonSetController;
    this.watches = watches;
  }

  /** A fleet for the API server at this address; no thread runs before {@link #start}. */
  public static Fleet of(URI server, FleetSettings settings, TimeSource time) {
    FleetScheduler scheduler = new FleetScheduler(THREADS);
    FleetContext context =
        new FleetContext(settings.timings(), settings.heartbeat(), scheduler, time);
    FleetPlan plan = FleetPlan.of(settings);
    FleetClient kubelet = FleetClient.of(server, "kubelet/" + VERSION);
    FleetClient daemonSets = kubelet.as(MANAGER + "daemon-set-controller");
    FleetClient lifecycle = kubelet.as(MANAGER + "node-controller");
    Map<String, SimulatedKubelet> kubelets = new HashMap<>();
    for (FleetPlan.Member member : plan.members()) {
      kubelets.put(
          member.name(),
          new SimulatedKubelet(context, new PlannedMachine(settings, plan, member), kubelet));
    }
    SimulatedDaemonSetController controller = new SimulatedDaemonSetController(context, daemonSets);
    List<FleetWatch> watches =
        List.of(
            new FleetWatch(
                daemonSets,
                "/api/v1/nodes",
                both(controller.nodeHandler(), new SimulatedNodeLifecycle(context, lifecycle))),
            new FleetWatch(
                daemonSets,
                "/api/v1/pods",
                both(controller.podHandler(), new PodDispatch(kubelets))),
            new FleetWatch(daemonSets, "/apis/apps/v1/daemonsets", controller.daemonSetHandler()));
    return new Fleet(scheduler, plan, daemonSets, kubelets, controller, watches);
  }

  /** Creates the system namespace and its agents, and lets the nodes join; to be called once. */
  public void start() {
    scheduler.soon(this::createAgents);
    watches.forEach(FleetWatch::start);
    daemonSetController.start();
    kubelets.values().forEach(SimulatedKubelet::start);
  }

  /** The plan of the joining nodes. */
  public FleetPlan plan() {
    return plan;
  }

  /** Restarts the machine of a node, as if at once. */
  public void reboot(String node) throws IOException {
    kubelets.get(node).reboot();
  }

  /** How often a call of the fleet was retried. */
  public long retries() {
    return scheduler.retries();
  }

  /** A request that the API server refused for good, if any: then the run is invalid. */
  public Optional<String> problem() {
    return scheduler.problem();
  }

  /** Stops at once; the nodes stay in the API as they are. */
  @Override
  public void close() {
    scheduler.close();
    watches.forEach(FleetWatch::close);
  }

  private void createAgents() throws IOException {
    JsonObject namespace =
        JsonParser.parseString(
                "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \""
                    + FleetDaemonSets.NAMESPACE
                    + "\"}}")
            .getAsJsonObject();
    client.create("/api/v1/namespaces", namespace).expect("the system namespace", 409);
    String path = "/apis/apps/v1/namespaces/" + FleetDaemonSets.NAMESPACE + "/daemonsets";
    for (JsonObject agent : FleetDaemonSets.agents()) {
      client.create(path, agent).expect("the DaemonSet " + FleetJson.name(agent), 409);
    }
  }

  static FleetWatch.Handler both(FleetWatch.Handler first, FleetWatch.Handler second) {
    return new FleetWatch.Handler() {
      @Override
      public void listed(List<JsonObject> all) {
        first.listed(all);
        second.listed(all);
      }

      @Override
      public void changed(String type, JsonObject object) {
        first.changed(type, object);
        second.changed(type, object);
      }
    };
  }

  /**
   * Passes to each kubelet the pods bound to its node, as the field selector of its own watch
   * would.
   */
  static final class PodDispatch implements FleetWatch.Handler {
    private final Map<String, SimulatedKubelet> kubelets;

    PodDispatch(Map<String, SimulatedKubelet> kubelets) {
      this.kubelets = kubelets;
    }

    @Override
    public void listed(List<JsonObject> all) {
      all.forEach(pod -> changed("MODIFIED", pod));
    }

    @Override
    public void changed(String type, JsonObject pod) {
      SimulatedKubelet kubelet = kubelets.get(FleetJson.text(pod, "spec", "nodeName"));
      if (kubelet != null && !type.equals("DELETED")) {
        kubelet.podSeen(pod);
      }
    }
  }
}
