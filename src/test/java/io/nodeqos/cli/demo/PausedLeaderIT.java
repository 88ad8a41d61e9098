// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
class PausedLeaderIT {
  private static final int ROUNDS = 3;
  private static final int NODES = 5;

  /** The validity of the Lease is over, the Lease itself is not taken by anybody. */
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
                  "nodeInfo": {"bootID": "boot-1"},
                  "conditions": [{"type": "Ready", "status": "True"}]}}
      """;

  @TempDir Path folder;

  private DemoCluster cluster;
  private ReplicaSet replicas;
  private ReplicaSet.Replica leader;

  @BeforeEach
  void lead() throws Exception {
    cluster = DemoCluster.start();
    cluster.prepare(new DemoPolicies(List.of()));
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(kubeconfig, cluster.server().kubeconfig());
    replicas = new ReplicaSet(folder, kubeconfig);
    leader = replicas.startPod();
    create("before");
    awaitServed("before");
  }

  @AfterEach
  void stop() {
    replicas.close();
    cluster.close();
  }

  @Test
  void workThatCameWhileTheFenceWasClosedIsDoneWhenItOpensAgain() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String name = "round-" + round;
      leader.signal("STOP");
      Thread.sleep(PAUSE.toMillis());
      create(name);
      // The events are handled before the renewal is answered.
      try (Faults.Injection slow =
          cluster
              .server()
              .faults()
              .inject(
                  RequestInfo.on("update", "leases"), new Fault.Delay(Duration.ofMillis(600)), 1)) {
        leader.signal("CONT");
        awaitServed(name);
        assertEquals(1, slow.hits());
      }
    }
    // Now and then the elector gives up as well, which begins another term.
    assertTrue(timesLogged("The fence is open again") > 0, () -> "never within a term: " + text());
  }

  private void create(String name) throws IOException {
    cluster.admin().create(DemoPolicies.COLLECTION, json(POLICY.formatted(name))).expect(name, 201);
    for (int i = 0; i < NODES; i++) {
      String node = name + "-" + i;
      cluster.admin().create("/api/v1/nodes", json(NODE.formatted(node, name))).expect(node, 201);
      cluster
          .admin()
          .patch("/api/v1/nodes/" + node + "/status", PatchType.MERGE, json(STATUS))
          .expect(node, 200);
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
    boolean isTold =
        policy.getAsJsonObject("metadata").has("finalizers")
            && FleetJson.text(policy, "status", "nodes", "warm").equals(String.valueOf(NODES));
    for (int i = 0; isTold && i < NODES; i++) {
      JsonObject node = cluster.admin().get("/api/v1/nodes/" + name + "-" + i).body();
      isTold = FleetJson.objects(node, "spec", "taints").isEmpty();
    }
    return isTold;
  }

  private JsonObject policy(String name) throws IOException {
    return cluster.admin().get(DemoPolicies.COLLECTION + "/" + name).body();
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
