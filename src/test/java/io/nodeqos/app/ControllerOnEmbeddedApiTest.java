// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static io.nodeqos.fixture.PolicyFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.http.RequestLog.Request;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The whole controller in this JVM, over HTTP against the embedded API. */
class ControllerOnEmbeddedApiTest {
  private static final String NODES = "/api/v1/nodes";
  private static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  @TempDir Path directory;
  private final ApiServer server = new ApiServer();
  private final List<Running> controllers = new ArrayList<>();
  private FleetClient admin;
  private Path kubeconfig;

  private record Running(App app, Thread thread) {}

  @BeforeEach
  void start() throws IOException {
    server.start();
    admin = FleetClient.of(server.uri(), "test");
    kubeconfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeconfig());
    Map<String, Object> crd = new Yaml().load(Files.readString(Path.of("manifests/crd.yaml")));
    created(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        new Gson().toJsonTree(crd).getAsJsonObject());
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Running controller : controllers) {
      stop(controller);
    }
    server.close();
  }

  @Test
  void controllerConfiguresAndWarmsANodeAndThenWritesNothing() throws Exception {
    policy(
        "base",
        "{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '4'}}]}, 'warmUp': {'nodeReady': {}}}");
    node("n1", "True");
    run("a");
    JsonObject warm = await("n1 is warm", NODES + "/n1", ControllerOnEmbeddedApiTest::isWarm);
    assertEquals("4k", text(warm, "status", "capacity", "nodeqos.io/gold-cpu"));
    assertEquals("4k", text(warm, "status", "allocatable", "nodeqos.io/gold-cpu"));
    assertEquals(List.of(), taints(warm));
    awaitPolicy("base", "Available", "True");
    int before = requestsSoFar();
    heartbeat("n1");
    heartbeat("n1");
    // A write that should not come can only be waited for; another node's shows that time passed.
    node("n2", "True");
    await("n2 is warm", NODES + "/n2", ControllerOnEmbeddedApiTest::isWarm);
    awaitPolicyNodes("base", 2);
    assertEquals(
        List.of(),
        server.requests().all().stream()
            .skip(before)
            .filter(r -> isControllerWrite(r) && r.name().equals("n1"))
            .toList());
  }

  @Test
  void invalidPolicyIsReportedAndDoesNotBlockOtherPolicies() throws Exception {
    policy("base", "{'reservation': {'cpu': '1'}}");
    node("n1", "True");
    run("a");
    JsonObject before = await("n1 is configured", NODES + "/n1", n -> !version(n).isEmpty());
    // The schema lets it through: only the controller knows that no such duration can be held.
    patch(
        POLICIES + "/base",
        "{'spec': {'reservation': {'cpu': '7'}, 'warmUp': {'stableFor': '999999999999h'}}}");
    JsonObject invalid = awaitPolicy("base", "Valid", "False");
    assertTrue(
        message(invalid, "Valid")
            .contains("spec.warmUp.stableFor: \"999999999999h\" is not a duration"),
        message(invalid, "Valid"));
    assertTrue(message(invalid, "Valid").endsWith("The last valid version stays in force."));
    policy("other", "{'images': [{'ref': 'nginx:1'}]}");
    JsonObject after = await("other is in force", NODES + "/n1", n -> config(n).contains("nginx"));
    assertTrue(config(after).contains("\"cpu\":\"1\""), config(after));
    assertTrue(config(before).contains("\"cpu\":\"1\""), config(before));
    patch(POLICIES + "/base", "{'spec': {'reservation': {'cpu': '2'}, 'warmUp': null}}");
    awaitPolicy("base", "Valid", "True");
    await("the mended policy is in force", NODES + "/n1", n -> config(n).contains("\"cpu\":\"2\""));
  }

  @Test
  void lastValidVersionOfAnInvalidPolicyStaysInForceAfterARestart() throws Exception {
    policy("base", "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}");
    node("n1", "True");
    Running first = run("a");
    await("n1 is warm", NODES + "/n1", ControllerOnEmbeddedApiTest::isWarm);
    patch(
        POLICIES + "/base",
        "{'spec': {'reservation': {'cpu': '7'}, 'warmUp': {'stableFor': '999999999999h'}}}");
    awaitPolicy("base", "Valid", "False");
    policy("never-valid", "{'priority': 9, 'warmUp': {'stableFor': '999999999999h'}}");
    stop(first);
    run("b");
    policy("other", "{'images': [{'ref': 'nginx:1'}]}");
    JsonObject after = await("other is in force", NODES + "/n1", n -> config(n).contains("nginx"));
    assertTrue(config(after).contains("\"cpu\":\"1\""), config(after));
    node("n2", "True");
    JsonObject joined = await("n2 is warm", NODES + "/n2", ControllerOnEmbeddedApiTest::isWarm);
    assertTrue(config(joined).contains("\"cpu\":\"1\""), config(joined));
    JsonObject never = awaitPolicy("never-valid", "Valid", "False");
    assertTrue(message(never, "Valid").endsWith("It has no effect."), message(never, "Valid"));
    assertEquals(
        2,
        server.requests().all().stream()
            .filter(r -> r.resource().equals("controllerrevisions") && WRITES.contains(r.verb()))
            .count(),
        "one for each valid version");
  }

  @Test
  void restartWritesNothing() throws Exception {
    policy("base", "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}");
    for (int i = 0; i < 20; i++) {
      node("n" + i, "True");
    }
    Running first = run("a");
    for (int i = 0; i < 20; i++) {
      await("warm", NODES + "/n" + i, ControllerOnEmbeddedApiTest::isWarm);
    }
    awaitPolicyNodes("base", 20);
    stop(first);
    int before = server.requests().all().size();
    run("b");
    node("last", "True");
    await("warm", NODES + "/last", ControllerOnEmbeddedApiTest::isWarm);
    assertEquals(
        List.of(),
        server.requests().all().stream()
            .skip(before)
            .filter(
                r ->
                    isControllerWrite(r)
                        && r.resource().equals("nodes")
                        && !r.name().equals("last"))
            .toList());
  }

  @Test
  void standbyWritesOnlyAfterItHasTakenOver() throws Exception {
    policy("base", "{'warmUp': {'nodeReady': {}}}");
    node("n1", "True");
    Running leader = run("a");
    await("warm", NODES + "/n1", ControllerOnEmbeddedApiTest::isWarm);
    run("b");
    stop(leader);
    node("n2", "True");
    await("warm", NODES + "/n2", ControllerOnEmbeddedApiTest::isWarm);
    List<String> writers =
        server.requests().all().stream()
            .filter(r -> isControllerWrite(r) && r.resource().equals("nodes"))
            .map(r -> r.name() + " " + (r.userAgent().contains("uid-a") ? "a" : "b"))
            .distinct()
            .toList();
    assertEquals(List.of("n1 a", "n2 b"), writers);
  }

  /** The pod is not Ready any more when this process comes to lead, which its watch hides. */
  @Test
  void newLeaderWithAHangingWatchMarksNoNodeWarmFromStaleData() throws Exception {
    policy("base", "{'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}");
    node("n1", "True");
    created(
        "/api/v1/namespaces/kube-system/pods",
        json(
            """
            {'metadata': {'name': 'agent'}, 'spec': {'nodeName': 'n1',
               'containers': [{'name': 'c', 'image': 'i'}]}}
            """));
    agentIsReady("True");
    Predicate<RequestInfo> podWatch =
        r -> RequestInfo.on("watch", "pods").test(r) && r.namespace().equals("kube-system");
    server.faults().inject(podWatch, new Fault.CutWatch(0), 1);
    Faults.Injection hanging = server.faults().inject(podWatch, new Fault.Stall(), Faults.ALWAYS);
    Faults.Injection noLease =
        server
            .faults()
            .inject(RequestInfo.on("create", "leases"), new Fault.Stall(), Faults.ALWAYS);
    run("a");
    awaitTrue("it wants to lead", () -> noLease.hits() > 0);
    agentIsReady("False");
    awaitTrue("the watch hangs", () -> hanging.hits() > 0);

    noLease.close();
    JsonObject reported =
        await(
            "it leads and decides",
            NODES + "/n1",
            n -> condition(n, "nodeqos.io/WarmedUp").isPresent());

    assertEquals(
        "ReservedPodsNotReady",
        condition(reported, "nodeqos.io/WarmedUp").orElseThrow().get("reason").getAsString());
    assertEquals(1, taints(reported).size(), "the startup taint stays");
    hanging.close();
  }

  /** Another leader has put marks on a node, which the watch of this one hides. */
  @Test
  void deletedPolicyStaysUntilTheLeaderHasSeenTheCleanNode() throws Exception {
    policy("base", "{'deletionPolicy': 'Remove', 'reservation': {'cpu': '1'}}");
    Faults.Injection hanging =
        server.faults().inject(RequestInfo.on("watch", "nodes"), new Fault.Stall(), Faults.ALWAYS);
    run("a");
    await("it is held", POLICIES + "/base", p -> p.toString().contains("nodeqos.io/clean-nodes"));
    awaitTrue("the watch hangs", () -> hanging.hits() > 0);
    node("late", "True");
    patch(
        NODES + "/late",
        """
        {'metadata': {'labels': {'nodeqos.io/config-version': '0123456789'}, 'annotations':
          {'nodeqos.io/config': '{\\"reservation\\":{},\\"sources\\":{\\"reservation\\":\\"base\\"}}'}}}
        """);

    assertTrue(admin.delete(POLICIES + "/base").ok());
    await("the node is clean", NODES + "/late", n -> version(n).isEmpty() && config(n).isEmpty());
    assertTrue(admin.get(POLICIES + "/base").ok(), "the leader has not seen the clean node yet");
    hanging.close();
    await("the policy is gone", POLICIES + "/base", p -> text(p, "kind").equals("Status"));
  }

  private void agentIsReady(String status) throws IOException {
    FleetClient.Reply reply =
        admin.patch(
            "/api/v1/namespaces/kube-system/pods/agent/status",
            PatchType.STRATEGIC,
            json(
                "{'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': '"
                    + status
                    + "'}]}}"));
    assertTrue(reply.ok(), reply.message());
  }

  private static void awaitTrue(String description, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, description);
      Thread.sleep(20);
    }
  }

  @Test
  void onlyTheLeaderWritesEventsForANode() throws Exception {
    Running leader = run("a");
    policy("base", "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}");
    awaitPolicy("base", "Valid", "True");
    Running standby = run("b");
    node("n1", "True");
    await("warm", NODES + "/n1", ControllerOnEmbeddedApiTest::isWarm);
    await("Event of it", "/api/v1/events", list -> list.toString().contains("WarmedUp"));
    stop(leader);
    stop(standby);

    JsonArray events = admin.get("/api/v1/events").body().getAsJsonArray("items");
    List<String> reported =
        events.asList().stream()
            .map(JsonElement::getAsJsonObject)
            .map(
                e ->
                    text(e, "involvedObject", "name")
                        + " "
                        + text(e, "reason")
                        + " by "
                        + text(e, "reportingInstance"))
            .sorted()
            .toList();
    String uid = text(admin.get(NODES + "/n1").body(), "metadata", "uid");
    assertEquals(
        List.of("base PolicyValid by a", "n1 ConfigUpdated by a", "n1 WarmedUp by a"), reported);
    assertTrue(events.toString().contains("\"uid\":\"" + uid + "\""), events.toString());
  }

  @Test
  void noEventsAreWrittenWhenTheyAreSwitchedOff() throws Exception {
    policy("base", "{'warmUp': {'nodeReady': {}}}");
    node("n1", "True");
    stop(run("a", Map.of("events.enabled", "false"), "n1"));

    assertEquals(
        List.of(),
        server.requests().all().stream().filter(r -> r.resource().equals("events")).toList());
  }

  /** Runs it until this node is warm. */
  private Running run(String name, Map<String, String> more, String node) throws Exception {
    Running running = run(name, more);
    await(node + " is warm", NODES + "/" + node, ControllerOnEmbeddedApiTest::isWarm);
    return running;
  }

  private Running run(String name) throws Exception {
    return run(name, Map.of());
  }

  private Running run(String name, Map<String, String> more) throws Exception {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("http.port", "0");
    flags.put("http.adminPort", "0");
    flags.put("leaderElection.leaseDuration", "6s");
    flags.put("leaderElection.renewDeadline", "3s");
    flags.put("leaderElection.retryPeriod", "1s");
    flags.put("policyStatus.interval", "1s");
    LiveSettings settings =
        LiveSettings.load(new SettingsLoader(flags, Map.of(), Optional.empty()));
    KubeSettings kube = settings.get().kube().withKubeconfig(Optional.of(kubeconfig));
    App app = App.create(settings, kube, new PodIdentity(name, "uid-" + name, "default"), "test");
    Thread thread =
        new Thread(
            () -> {
              try {
                app.run();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            "controller-" + name);
    thread.start();
    Running running = new Running(app, thread);
    controllers.add(running);
    return running;
  }

  private static void stop(Running controller) throws InterruptedException {
    controller.app().stop();
    controller.thread().join(30_000);
    assertTrue(!controller.thread().isAlive(), "the controller must stop");
  }

  private void node(String name, String ready) throws IOException {
    created(
        NODES,
        json(
            """
            {'metadata': {'name': '%s'},
             'spec': {'taints': [{'key': 'nodeqos.io/warming-up', 'effect': 'NoSchedule'}]},
             'status': {'capacity': {'cpu': '8', 'memory': '32Gi'},
               'allocatable': {'cpu': '8', 'memory': '32Gi'},
               'nodeInfo': {'bootID': 'boot-1', 'machineID': '', 'systemUUID': '', 'kernelVersion': '',
                 'osImage': '', 'containerRuntimeVersion': '', 'kubeletVersion': '', 'kubeProxyVersion': '',
                 'operatingSystem': '', 'architecture': ''},
               'conditions': [{'type': 'Ready', 'status': '%s'}]}}
            """
                .formatted(name, ready)));
  }

  private void heartbeat(String node) throws IOException {
    FleetClient.Reply reply =
        admin.patch(
            NODES + "/" + node + "/status",
            PatchType.STRATEGIC,
            json(
                "{'status': {'conditions': [{'type': 'Ready', 'lastHeartbeatTime': '2026-01-01T00:00:0"
                    + server.requests().all().size() % 10
                    + "Z'}]}}"));
    assertTrue(reply.ok(), reply.message());
  }

  private void policy(String name, String spec) throws IOException {
    created(
        POLICIES,
        json(
            "{'apiVersion': 'nodeqos.io/v1alpha1', 'kind': 'NodeQoSPolicy', 'metadata': {'name': '"
                + name
                + "'}, 'spec': "
                + spec
                + "}"));
  }

  private void created(String path, JsonObject object) throws IOException {
    FleetClient.Reply reply = admin.create(path, object);
    assertTrue(reply.ok(), reply.message());
  }

  private void patch(String path, String patch) throws IOException {
    FleetClient.Reply reply = admin.patch(path, PatchType.MERGE, json(patch));
    assertTrue(reply.ok(), reply.message());
  }

  private JsonObject await(String description, String path, Predicate<JsonObject> condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    JsonObject last = new JsonObject();
    while (System.nanoTime() < deadline) {
      last = admin.get(path).body();
      if (condition.test(last)) {
        return last;
      }
      Thread.sleep(20);
    }
    return fail(description + " did not come about: " + last);
  }

  private JsonObject awaitPolicy(String name, String type, String status)
      throws IOException, InterruptedException {
    return await(
        "policy " + name + " " + type + "=" + status,
        POLICIES + "/" + name,
        p ->
            condition(p, type)
                .map(c -> c.get("status").getAsString().equals(status))
                .orElse(false));
  }

  private void awaitPolicyNodes(String name, int warm) throws IOException, InterruptedException {
    await(
        "policy " + name + " has " + warm + " warm nodes",
        POLICIES + "/" + name,
        p -> text(p, "status", "nodes", "warm").equals(Integer.toString(warm)));
  }

  private int requestsSoFar() {
    return server.requests().all().size();
  }

  private static boolean isControllerWrite(Request request) {
    return request.userAgent().startsWith("node-qos-controller/")
        && WRITES.contains(request.verb())
        && !request.resource().equals("leases");
  }

  private static boolean isWarm(JsonObject node) {
    return text(node, "metadata", "labels", "nodeqos.io/warmed-up").equals("true")
        && condition(node, "nodeqos.io/WarmedUp")
            .map(c -> c.get("status").getAsString().equals("True"))
            .orElse(false);
  }

  private static String version(JsonObject node) {
    return text(node, "metadata", "labels", "nodeqos.io/config-version");
  }

  private static String config(JsonObject node) {
    return text(node, "metadata", "annotations", "nodeqos.io/config");
  }

  private static List<JsonElement> taints(JsonObject node) {
    return node.getAsJsonObject("spec").get("taints") instanceof JsonArray array
        ? array.asList()
        : List.of();
  }

  private static String message(JsonObject object, String type) {
    return condition(object, type).map(c -> c.get("message").getAsString()).orElse("");
  }

  private static Optional<JsonObject> condition(JsonObject object, String type) {
    if (object.get("status") instanceof JsonObject status
        && status.get("conditions") instanceof JsonArray conditions) {
      return conditions.asList().stream()
          .map(JsonElement::getAsJsonObject)
          .filter(c -> c.get("type").getAsString().equals(type))
          .findFirst();
    }
    return Optional.empty();
  }

  private static String text(JsonObject object, String... path) {
    JsonElement at = object;
    for (String field : path) {
      at = at instanceof JsonObject o ? o.get(field) : null;
    }
    return at == null || at.isJsonNull() ? "" : at.getAsString();
  }
}
