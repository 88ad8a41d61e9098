// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.demo.cluster.DemoCluster;
import io.nodeqos.cli.demo.cluster.DemoPod;
import io.nodeqos.cli.demo.cluster.DemoPolicies;
import io.nodeqos.fixture.Alone;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader without a standby that is stopped until its fence is closed, and leads on. */
@Alone
class PausedLeaderIT {
  private static final int ROUNDS = 3;
  private static final int NODES = 5;

  /** The validity of the Lease is over, the Lease itself is not taken. */
  private static final Duration PAUSE = DemoPod.ELECTION.leaseDuration();

  private static final String POLICY =
      """
      {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy", "metadata": {"name": "%1$s"},
       "spec": {"nodeSelector": {"matchLabels": {"pool": "%1$s"}}, "deletionPolicy": "Remove",
                "quota": {"classes": [{"name": "gold", "cpu": {"weight": 100}}]},
                "warmUp": {"taintKey": "nodeqos.io/warming-up", "nodeReady": {}}}}
      """;

  private static final String NODE =
      """
      {"apiVersion": "v1", "kind": "Node",
       "metadata": {"name": "%s", "labels": {"pool": "%s"}},
       "spec": {"taints": [{"key": "nodeqos.io/warming-up", "effect": "NoSchedule"}]}}
      """;

  private static final String STATUS =
      """
      {"status": {"capacity": {"cpu": "4", "memory": "8Gi"},
                  "allocatable": {"cpu": "4", "memory": "8Gi"},
                  "nodeInfo": {"bootID": "boot-1"}}}
      """;

  private static final String READY =
      """
      {"status": {"conditions": [{"type": "Ready", "status": "%s"}]}}
      """;

  private static final String AGENT_POLICY =
      """
      {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy", "metadata": {"name": "agents"},
       "spec": {"nodeSelector": {"matchLabels": {"pool": "agents"}},
                "warmUp": {"taintKey": "nodeqos.io/warming-up", "nodeReady": {},
                           "reservedPods": [{"namespace": "kube-system"}]}}}
      """;

  private static final String PODS = "/api/v1/namespaces/kube-system/pods";

  private static final String AGENT =
      """
      {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent"},
       "spec": {"nodeName": "agents-0", "containers": [{"name": "agent", "image": "agent:1"}]}}
      """;

  @TempDir Path directory;

  private DemoCluster cluster;
  private ReplicaSet replicas;
  private ReplicaSet.Replica leader;

  @BeforeEach
  void start() throws Exception {
    cluster = DemoCluster.start();
    cluster.prepare(List.of());
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, cluster.server().kubeconfig());
    replicas = new ReplicaSet(directory, kubeconfig);
  }

  @AfterEach
  void stop() {
    replicas.close();
    cluster.close();
  }

  @Test
  void workQueuedBehindAClosedFenceIsDoneWhenTheFenceOpens() throws Exception {
    leader = replicas.startPod();
    create("before");
    awaitServed("before");
    for (int round = 0; round < ROUNDS; round++) {
      String name = "round-" + round;
      leader.signal("STOP");
      Thread.sleep(PAUSE.toMillis());
      create(name);
      try (Faults.Injection slow = slowRenewal()) {
        leader.signal("CONT");
        awaitServed(name);
        assertEquals(1, slow.hits());
      }
    }
    assertTrue(timesLogged("Leading: epoch=") > ROUNDS, () -> "a term for each: " + text());
  }

  /** The agent fails and the node becomes Ready during the pause; only the latter is heard of. */
  @Test
  void resumedLeaderDecidesNothingFromTheCacheBeforeThePause() throws Exception {
    cluster.admin().create(DemoPolicies.COLLECTION, json(AGENT_POLICY)).expect("policy", 201);
    createNode("agents-0", "agents");
    setReady("/api/v1/nodes/agents-0", false);
    cluster.admin().create(PODS, json(AGENT)).expect("pod", 201);
    setReady(PODS + "/agent", true);
    try (Faults.Injection hung =
        cluster.server().faults().inject(RequestInfo.on("watch", "pods"), new Fault.Stall(), 2)) {
      leader = replicas.startPod();
      awaitWord("NodeNotReady");
      leader.signal("STOP");
      Thread.sleep(PAUSE.toMillis());
      setReady(PODS + "/agent", false);
      setReady("/api/v1/nodes/agents-0", true);
      try (Faults.Injection slow = slowRenewal()) {
        leader.signal("CONT");
        awaitWord("ReservedPodsNotReady");
        assertEquals(1, slow.hits());
      }
      assertEquals(2, hung.hits(), "the spinners' and the agent's");
    }
    JsonObject node = cluster.admin().get("/api/v1/nodes/agents-0").body();
    assertEquals(1, FleetJson.objects(node, "spec", "taints").size(), () -> "warm: " + node);
  }

  /** The events are handled before it is answered. */
  private Faults.Injection slowRenewal() {
    return cluster
        .server()
        .faults()
        .inject(RequestInfo.on("update", "leases"), new Fault.Delay(Duration.ofMillis(600)), 1);
  }

  private void create(String name) throws IOException {
    cluster.admin().create(DemoPolicies.COLLECTION, json(POLICY.formatted(name))).expect(name, 201);
    for (int i = 0; i < NODES; i++) {
      String node = name + "-" + i;
      createNode(node, name);
      setReady("/api/v1/nodes/" + node, true);
    }
  }

  private void createNode(String name, String pool) throws IOException {
    cluster.admin().create("/api/v1/nodes", json(NODE.formatted(name, pool))).expect(name, 201);
    patchStatus("/api/v1/nodes/" + name, STATUS);
  }

  private void setReady(String object, boolean ready) throws IOException {
    patchStatus(object, READY.formatted(ready ? "True" : "False"));
  }

  private void patchStatus(String object, String patch) throws IOException {
    cluster.admin().patch(object + "/status", PatchType.STRATEGIC, json(patch)).expect(object, 200);
  }

  /** Until the node of the agent waits for this reason, or is warm. */
  private void awaitWord(String reason) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    JsonObject condition = new JsonObject();
    while (!FleetJson.text(condition, "reason").equals(reason)) {
      if (System.nanoTime() > deadline || FleetJson.text(condition, "status").equals("True")) {
        throw new AssertionError("not " + reason + ": " + condition + "\n" + text());
      }
      Thread.sleep(50);
      JsonObject node = cluster.admin().get("/api/v1/nodes/agents-0").body();
      condition = FleetJson.condition(node, "nodeqos.io/WarmedUp");
    }
  }

  private void awaitServed(String name) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!isServed(name)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(name + " has no effect: " + policy(name) + "\n" + text());
      }
      Thread.sleep(100);
    }
  }

  private long timesLogged(String words) {
    return text().lines().filter(line -> line.contains(words)).count();
  }

  private String text() {
    try {
      return Files.readString(leader.process().log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isServed(String name) throws IOException {
    JsonObject policy = policy(name);
    boolean isReported =
        policy.getAsJsonObject("metadata").has("finalizers")
            && FleetJson.text(policy, "status", "nodes", "warm").equals(String.valueOf(NODES));
    for (int i = 0; isReported && i < NODES; i++) {
      JsonObject node = cluster.admin().get("/api/v1/nodes/" + name + "-" + i).body();
      isReported = FleetJson.objects(node, "spec", "taints").isEmpty();
    }
    return isReported;
  }

  private JsonObject policy(String name) throws IOException {
    return cluster.admin().get(DemoPolicies.COLLECTION + "/" + name).body();
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
