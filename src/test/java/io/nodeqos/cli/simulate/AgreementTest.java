// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.app.App;
import io.nodeqos.app.LiveSettings;
import io.nodeqos.cli.simulate.SimulationInput.Joins;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.RequestLog.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A simulation comes to the same nodes, by the same writes, as the real controller over HTTP. */
class AgreementTest {
  private static final int NODES = 10;
  private static final String LEASES = "/apis/coordination.k8s.io/v1/leases";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;
  private final ApiServer server = new ApiServer();
  private final Map<String, String> uids = new HashMap<>();

  /** The part of a node that the controller writes, and how often it does. */
  private record Written(JsonObject node, int patches, int statusPatches) {}

  @ParameterizedTest
  @ValueSource(strings = {Fleets.BASE, Fleets.BASE + Fleets.ROLLOUT})
  void simulationWritesWhatTheControllerWrites(String policy) throws Exception {
    Map<String, Written> real;
    server.start();
    try {
      real = real(policy);
    } finally {
      server.close();
    }
    Map<String, Written> simulated = simulated(policy);
    assertEquals(real.keySet(), simulated.keySet());
    real.forEach((name, written) -> assertEquals(written, simulated.get(name), name));
    assertTrue(real.values().stream().allMatch(written -> written.patches() > 0));
  }

  private Map<String, Written> simulated(String policy) {
    Simulation simulation = new Simulation(Fleets.input(Fleets.objects(NODES), policy, Joins.NONE));
    SimulationResult result = simulation.run(simulation.cluster());
    Map<String, Written> all = new TreeMap<>();
    result
        .run()
        .nodes()
        .forEach(
            node ->
                all.put(
                    node.name(),
                    new Written(
                        own(result.nodes().get(node.name())),
                        node.patches(),
                        node.statusPatches())));
    return all;
  }

  private Map<String, Written> real(String policy) throws Exception {
    FleetClient api = FleetClient.of(server.uri(), "test");
    create(api, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", InputFiles.crd());
    create(api, "/api/v1/namespaces", ClusterObjects.namespace(Fleets.NAMESPACE, false));
    ClusterObjects objects = Fleets.objects(NODES);
    for (String collection :
        List.of(CacheFeed.DAEMON_SETS, CacheFeed.NODES, CacheFeed.CSI_NODES, CacheFeed.PODS)) {
      for (JsonObject object : objects.in(collection)) {
        create(api, collection, object);
      }
    }
    Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeconfig());
    LiveSettings settings =
        LiveSettings.load(
            new SettingsLoader(
                Map.of("http.port", "0", "http.adminPort", "0"), Map.of(), Optional.empty()));
    App app =
        App.create(
            settings,
            settings.get().kube().withKubeconfig(Optional.of(kubeconfig)),
            new PodIdentity("pod", "uid", Fleets.NAMESPACE),
            "test");
    Thread thread = new Thread(() -> run(app), "controller");
    thread.start();
    try {
      // It leads before there is a policy, as the simulated one does.
      await(() -> !FleetJson.objects(api.get(LEASES).body(), "items").isEmpty());
      create(api, CacheFeed.POLICIES, Fleets.policies(policy).get(0).object());
      await(() -> warm(api) == NODES);
      // The condition is written after the mark.
      await(() -> nodes(api).stream().allMatch(AgreementTest::saysWarm));
    } finally {
      app.stop();
      thread.join(30_000);
    }
    Map<String, Written> all = new TreeMap<>();
    for (JsonObject node : nodes(api)) {
      all.put(
          FleetJson.name(node), new Written(own(node), patches(node, ""), patches(node, "status")));
    }
    return all;
  }

  private static void run(App app) {
    try {
      app.run();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The server gives uids of its own: pods follow those of their DaemonSets. */
  private void create(FleetClient api, String collection, JsonObject object) throws IOException {
    String text = object.toString();
    for (Map.Entry<String, String> uid : uids.entrySet()) {
      text = text.replace(uid.getKey(), uid.getValue());
    }
    JsonObject copy = JsonParser.parseString(text).getAsJsonObject();
    String namespace = FleetJson.text(object, "metadata", "namespace");
    String path =
        namespace.isEmpty()
            ? collection
            : collection.replaceFirst("/([a-z]+)$", "/namespaces/" + namespace + "/$1");
    FleetClient.Reply reply = api.create(path, copy);
    assertTrue(reply.ok(), reply.message());
    if (collection.equals(CacheFeed.PODS)) {
      // A new pod is pending, whatever its creator says.
      JsonObject status = new JsonObject();
      status.add("status", object.get("status"));
      String pod = path + "/" + FleetJson.name(object) + "/status";
      assertTrue(api.patch(pod, FleetClient.PatchType.STRATEGIC, status).ok());
    }
    String before = FleetJson.text(object, "metadata", "uid");
    if (collection.equals(CacheFeed.DAEMON_SETS)) {
      uids.put(before, FleetJson.text(reply.body(), "metadata", "uid"));
    }
  }

  private int patches(JsonObject node, String subresource) {
    return (int)
        server.requests().all().stream()
            .filter(request -> isPatch(request, FleetJson.name(node), subresource))
            .count();
  }

  private static boolean isPatch(Request request, String name, String subresource) {
    return request.verb().equals("patch")
        && request.resource().equals("nodes")
        && request.name().equals(name)
        && request.subresource().equals(subresource)
        && request.code() == 200;
  }

  private static List<JsonObject> nodes(FleetClient api) throws IOException {
    return FleetJson.objects(api.get(CacheFeed.NODES).body(), "items");
  }

  private static long warm(FleetClient api) throws IOException {
    return nodes(api).stream()
        .filter(node -> FleetJson.strings(node, "metadata", "labels").containsKey(Keys.WARMED_UP))
        .count();
  }

  private static boolean saysWarm(JsonObject node) {
    return FleetJson.text(FleetJson.condition(node, Keys.WARMED_UP_CONDITION), "status")
        .equals("True");
  }

  /** Without times, uids and trace ids, which no two runs share. */
  private static JsonObject own(JsonObject node) {
    JsonObject own = new JsonObject();
    JsonObject labels = new JsonObject();
    FleetJson.strings(node, "metadata", "labels").forEach(labels::addProperty);
    own.add("labels", labels);
    JsonObject annotations = new JsonObject();
    FleetJson.strings(node, "metadata", "annotations")
        .forEach(
            (key, value) -> {
              boolean changes =
                  key.endsWith("-at")
                      || key.endsWith("-since")
                      || key.endsWith("-for")
                      || key.contains("traceparent");
              annotations.addProperty(key, changes ? "" : value);
            });
    own.add("annotations", annotations);
    JsonElement taints = node.getAsJsonObject("spec").get("taints");
    own.add("taints", taints == null ? new JsonArray() : taints);
    for (String amounts : List.of("capacity", "allocatable")) {
      JsonObject sorted = new JsonObject();
      new TreeMap<>(FleetJson.strings(node, "status", amounts)).forEach(sorted::addProperty);
      own.add(amounts, sorted);
    }
    JsonObject condition = FleetJson.condition(node, Keys.WARMED_UP_CONDITION).deepCopy();
    condition.remove("lastHeartbeatTime");
    condition.remove("lastTransitionTime");
    own.add("condition", condition);
    return own;
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.holds()) {
      assertTrue(Instant.now().isBefore(deadline), "not in time");
      Thread.sleep(50);
    }
  }
}
