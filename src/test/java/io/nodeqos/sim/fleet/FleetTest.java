// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.RequestLog;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetTest {

  private static final int NODES = 30;
  private static final FleetTimings.Range STEP = FleetTimings.Range.ofMillis(0, 5);
  private static final List<String> BOOT_IMAGES = List.of("a.example/one:1", "a.example/two:2");

  private final ApiServer server = new ApiServer();
  private FleetClient client;
  private Fleet fleet;

  interface Check {
    boolean holds() throws IOException;
  }

  @BeforeEach
  void start() {
    server.start();
    client = FleetClient.of(server.uri(), "test");
    fleet =
        Fleet.of(
            server.uri(),
            new FleetSettings(
                NODES,
                1,
                Duration.ofMillis(300),
                Duration.ofMillis(500),
                new FleetMix(0.2, 0.1, 3, 1, true, Map.of(FleetPlan.POOL_GENERAL, BOOT_IMAGES)),
                new FleetTimings(STEP, STEP, STEP, STEP)),
            TimeSource.system());
  }

  @AfterEach
  void stop() {
    fleet.close();
    server.close();
  }

  @Test
  void everyNodeJoinsWithTheStartupTaintAndBecomesReady() throws Exception {
    fleet.start();

    await("all nodes Ready", () -> nodes().stream().filter(FleetTest::isReady).count() == NODES);

    for (JsonObject node : nodes()) {
      assertTrue(
          taints(node).contains(Keys.STARTUP_TAINT), "no controller removed it: " + taints(node));
      assertEquals(
          FleetJson.name(node),
          FleetJson.strings(node, "metadata", "labels").get("kubernetes.io/hostname"));
      assertTrue(
          FleetJson.strings(node, "metadata", "labels").size() >= 35, "as on a managed cloud");
    }
    Set<String> boots =
        nodes().stream()
            .map(node -> FleetJson.text(node, "status", "nodeInfo", "bootID"))
            .collect(Collectors.toSet());
    assertEquals(NODES, boots.size(), "each node has a boot ID of its own");
  }

  @Test
  void readyNodeLosesOnlyTheNotReadyTaint() throws Exception {
    fleet.start();

    await(
        "no node with the not-ready taint",
        () ->
            nodes().size() == NODES
                && nodes().stream()
                    .noneMatch(node -> taints(node).contains(FleetNodes.NOT_READY_TAINT)));

    assertTrue(
        nodes().stream().allMatch(node -> taints(node).equals(Set.of(Keys.STARTUP_TAINT))),
        "only its own taint was removed");
  }

  @Test
  void eachNodeGetsOnePodOfEachAgentAndOnlyTheStuckOneStaysUnready() throws Exception {
    fleet.start();

    await("all pods but one Ready", () -> readyPods().size() == 2 * NODES - 1);

    assertEquals(2 * NODES, pods().size(), "one cilium and one csi-node each");
    JsonObject unready = pods().stream().filter(pod -> !isReady(pod)).findFirst().orElseThrow();
    assertEquals(fleet.plan().stuck(), List.of(FleetJson.text(unready, "spec", "nodeName")));
    assertEquals(FleetDaemonSets.NETWORK_AGENT, FleetPods.app(unready));
    assertEquals("Running", FleetJson.text(unready, "status", "phase"), "its containers do run");
  }

  /** As real kubelets do: at first Ready with pods that have not been looked at. */
  @Test
  void rebootedNodeReportsItsBootBeforeItsPods() throws Exception {
    fleet.start();
    await("all pods but one Ready", () -> readyPods().size() == 2 * NODES - 1);
    String name =
        fleet.plan().members().stream()
            .filter(member -> !member.stuck())
            .map(FleetPlan.Member::name)
            .findFirst()
            .orElseThrow();
    JsonObject before = client.get("/api/v1/nodes/" + name).body();
    Set<String> pods =
        pods().stream()
            .filter(pod -> FleetJson.text(pod, "spec", "nodeName").equals(name))
            .map(FleetJson::name)
            .collect(Collectors.toSet());
    int earlier = server.requests().all().size();

    fleet.reboot(name);

    JsonObject after = client.get("/api/v1/nodes/" + name).body();
    assertNotEquals(bootId(before), bootId(after));
    assertTrue(isReady(after));
    await("pods looked at, started and Ready", () -> statusWrites(earlier, pods).size() == 6);
    Set<String> all = new HashSet<>(pods);
    all.add(name);
    assertEquals(name, statusWrites(earlier, all).get(0), "the node comes first");
    assertEquals(2, readyPodsOf(name));
    assertEquals(bootId(after), bootId(client.get("/api/v1/nodes/" + name).body()));
  }

  /** The names of the written objects, in order. */
  private List<String> statusWrites(int earlier, Set<String> names) {
    return server.requests().all().stream()
        .skip(earlier)
        .filter(request -> request.verb().equals("patch") && names.contains(request.name()))
        .map(RequestLog.Request::name)
        .toList();
  }

  private static String bootId(JsonObject node) {
    return FleetJson.text(node, "status", "nodeInfo", "bootID");
  }

  private long readyPodsOf(String node) throws IOException {
    return readyPods().stream()
        .filter(pod -> FleetJson.text(pod, "spec", "nodeName").equals(node))
        .count();
  }

  @Test
  void stuckNodeKeepsSendingHeartbeats() throws Exception {
    fleet.start();
    await("all pods but one Ready", () -> readyPods().size() == 2 * NODES - 1);
    String stuck = "/api/v1/nodes/" + fleet.plan().stuck().get(0);
    long seen = heartbeats(stuck);

    await("three more heartbeats", () -> heartbeats(stuck) >= seen + 3);

    assertEquals(2 * NODES - 1, readyPods().size(), "still one pod is not Ready");
  }

  @Test
  void storageDriverIsRegisteredAndTheAgentsStatusCounts() throws Exception {
    fleet.start();

    await(
        "drivers of all nodes",
        () ->
            list("/apis/storage.k8s.io/v1/csinodes").stream()
                    .flatMap(node -> FleetJson.objects(node, "spec", "drivers").stream())
                    .filter(d -> FleetJson.text(d, "name").equals(FleetDaemonSets.CSI_DRIVER))
                    .count()
                == NODES);
    await(
        "the status of the storage agent",
        () ->
            list("/apis/apps/v1/daemonsets").stream()
                .filter(set -> FleetJson.name(set).equals(FleetDaemonSets.STORAGE_AGENT))
                .allMatch(set -> FleetJson.text(set, "status", "numberReady").equals("" + NODES)));
  }

  @Test
  void imagesOfTheBootScriptAndOfPodsAppearInTheNodesStatus() throws Exception {
    fleet.start();

    await(
        "the images of the nodes of the pool general",
        () -> {
          List<JsonObject> general =
              nodes().stream()
                  .filter(node -> FleetJson.name(node).startsWith(FleetPlan.POOL_GENERAL))
                  .toList();
          return general.size() == 24
              && general.stream().allMatch(node -> images(node).containsAll(BOOT_IMAGES))
              && general.stream()
                  .allMatch(node -> images(node).contains("quay.io/cilium/cilium:v1.18.4"));
        });

    assertTrue(
        nodes().stream()
            .filter(node -> FleetJson.name(node).startsWith(FleetPlan.POOL_GPU))
            .noneMatch(node -> images(node).contains("a.example/one:1")),
        "the boot script of the other pool pulls nothing");
  }

  @Test
  void deletedPodIsReplacedAndAnUnwantedOneDeleted() throws Exception {
    fleet.start();
    await("all pods but one Ready", () -> readyPods().size() == 2 * NODES - 1);
    JsonObject victim = readyPods().get(0);

    client.delete(FleetPods.path(victim) + "?gracePeriodSeconds=0");
    await(
        "another pod on the same node",
        () ->
            readyPods().size() == 2 * NODES - 1
                && pods().stream().noneMatch(p -> FleetJson.uid(p).equals(FleetJson.uid(victim))));

    JsonObject narrower =
        JsonParser.parseString(
                "{\"spec\": {\"template\": {\"spec\": {\"nodeSelector\": {\"nosuch\": \"x\"}}}}}")
            .getAsJsonObject();
    client.patch(
        "/apis/apps/v1/namespaces/kube-system/daemonsets/csi-node", PatchType.MERGE, narrower);
    await("only the network agents", () -> pods().size() == NODES);
  }

  @Test
  void daemonSetAddedLaterIsRunOnTheNodesItSelects() throws Exception {
    fleet.start();
    await("all pods but one Ready", () -> readyPods().size() == 2 * NODES - 1);
    JsonObject spinner = FleetDaemonSets.agents().get(0).deepCopy();
    spinner.getAsJsonObject("metadata").addProperty("name", "spinner");
    JsonObject podSpec =
        spinner.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec");
    podSpec.add("nodeSelector", JsonParser.parseString("{\"nodeqos.io/demo-pool\": \"gpu\"}"));
    podSpec.add(
        "volumes",
        JsonParser.parseString(
            "[{\"name\": \"i\", \"image\": {\"reference\": \"a.example/volume:3\"}}]"));

    client.create("/apis/apps/v1/namespaces/kube-system/daemonsets", spinner).expect("it", 0);

    await(
        "the image volume's image on the nodes of the pool gpu",
        () ->
            nodes().stream()
                    .filter(node -> images(node).contains("a.example/volume:3"))
                    .map(FleetJson::name)
                    .allMatch(name -> name.startsWith(FleetPlan.POOL_GPU))
                && nodes().stream()
                        .filter(node -> images(node).contains("a.example/volume:3"))
                        .count()
                    == 6);
  }

  @Test
  void fleetSurvivesATemporaryFailureOfTheApi() throws Exception {
    var cuts =
        server.faults().inject(info -> info.verb().equals("watch"), new Fault.CutWatch(3), 6);
    var lost = server.faults().inject(RequestInfo.writes(), new Fault.LoseReply(), 20);
    var refused =
        server.faults().inject(RequestInfo.writes(), new Fault.Refuse(500, Duration.ZERO), 20);
    fleet.start();

    await("all pods but one Ready", () -> readyPods().size() == 2 * NODES - 1);

    assertEquals(Optional.empty(), fleet.problem());
    assertEquals(2 * NODES, pods().size(), "a lost reply to a creation made no second pod");
    assertEquals(40, lost.hits() + refused.hits(), "all faults were met");
    assertTrue(cuts.hits() >= 3, "each watch was cut at least once");
  }

  private long heartbeats(String nodePath) {
    String name = nodePath.substring(nodePath.lastIndexOf('/') + 1);
    return server.requests().all().stream()
        .filter(request -> request.name().equals(name) && request.subresource().equals("status"))
        .filter(request -> request.code() == 200)
        .count();
  }

  private List<JsonObject> nodes() throws IOException {
    return list("/api/v1/nodes");
  }

  private List<JsonObject> pods() throws IOException {
    return list("/api/v1/pods");
  }

  private List<JsonObject> readyPods() throws IOException {
    return pods().stream().filter(FleetTest::isReady).toList();
  }

  private List<JsonObject> list(String path) throws IOException {
    return FleetJson.objects(client.get(path).body(), "items");
  }

  private static boolean isReady(JsonObject object) {
    return FleetJson.text(FleetJson.condition(object, "Ready"), "status").equals("True");
  }

  private static Set<String> taints(JsonObject node) {
    return FleetJson.objects(node, "spec", "taints").stream()
        .map(taint -> FleetJson.text(taint, "key"))
        .collect(Collectors.toSet());
  }

  private static Set<String> images(JsonObject node) {
    Set<String> names = new HashSet<>();
    for (JsonObject image : FleetJson.objects(node, "status", "images")) {
      image.getAsJsonArray("names").forEach(name -> names.add(name.getAsString()));
    }
    return names;
  }

  private void await(String description, Check check) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!check.holds()) {
      assertTrue(
          System.nanoTime() < deadline, "not within 30 s: " + description + ", " + fleet.problem());
      Thread.sleep(20);
    }
  }
}
