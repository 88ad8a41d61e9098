// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.kube.RecordingListener;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import io.nodeqos.telemetry.metrics.InformerMetrics;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The caches under the stock informer, against the embedded API server. */
class KubeClusterTest {
  private static final String RESERVED = "\"nodeqos.io/reserved\":\"true\"";

  @TempDir Path directory;

  private final SimCluster api = new SimCluster();
  private final RecordingListener listener = new RecordingListener();
  private KubeCluster cluster;

  @BeforeEach
  void create() {
    // Pauses are cut short; that they are made and how long is tested where time is faked.
    Pauses pauses = new Pauses(TimeSource.system(), time -> Thread.sleep(20), () -> 0.5);
    cluster =
        new KubeCluster(
            TestClients.watch(directory, api.url()),
            TestClients.settings(Duration.ofSeconds(30)),
            new InformerMetrics(),
            "nodeqos-system",
            pauses);
  }

  @AfterEach
  void close() {
    cluster.close();
    api.close();
  }

  private void start() {
    cluster.start(listener);
  }

  private void startAndSync() throws InterruptedException {
    start();
    assertTrue(
        cluster.awaitSynced(Duration.ofSeconds(30)),
        () -> "still waiting for " + cluster.health().waitingFor());
  }

  private static void eventually(String description, BooleanSupplier condition)
      throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never: " + description);
  }

  private Optional<NamespaceState> reserved(String namespace, String node) {
    return Optional.ofNullable(cluster.reserved(node).namespaces().get(namespace));
  }

  private boolean readable(String namespace) {
    return reserved(namespace, "n1").map(NamespaceState::readable).orElse(false);
  }

  private long podsOn(String node, String namespace) {
    return reserved(namespace, node).map(n -> n.pods().size()).orElse(-1);
  }

  @Test
  void syncedClusterHasAllObjects() throws InterruptedException {
    api.installPolicyDefinition();
    for (int i = 1; i <= 5; i++) {
      api.node("n" + i);
      api.pod("kube-system", "p" + i, "n" + i);
    }
    api.namespace("storage", RESERVED);
    api.namespace("tenant", "");
    api.pod("storage", "s1", "n1");
    api.pod("tenant", "t1", "n1");
    api.daemonSet("storage", "agent");
    api.policy("gold");
    api.create(
        "/apis/storage.k8s.io/v1/csinodes",
        "{\"kind\":\"CSINode\",\"apiVersion\":\"storage.k8s.io/v1\",\"metadata\":{\"name\":\"n1\"},\"spec\":{\"drivers\":[{\"name\":\"d\",\"nodeID\":\"i\"}]}}");

    startAndSync();

    assertEquals(
        Set.of("n1", "n2", "n3", "n4", "n5"), Set.copyOf(cluster.nodeNames()), "three pages");
    assertTrue(cluster.node("n3").orElseThrow().hasCapacity());
    assertEquals(
        Set.of("kube-system", "storage"),
        cluster.reserved("n1").namespaces().keySet(),
        "by name and by label");
    assertEquals(
        List.of("p1", "s1"),
        cluster.reserved("n1").pods().stream().map(p -> p.name()).sorted().toList());
    assertEquals("agent", reserved("storage", "n1").orElseThrow().daemonSets().get(0).name());
    assertTrue(cluster.reserved("n1").readable());
    assertEquals(Optional.of(Set.of("d")), cluster.reserved("n1").csiDrivers());
    assertEquals(Optional.empty(), cluster.reserved("n2").csiDrivers(), "not known");
    assertEquals(1, listener.count("policy gold"));
    assertEquals(1, listener.count("new n1"), "the listener has seen every node");
    assertEquals(1, listener.count("pod on n5 in kube-system"));
    assertEquals(List.of(), cluster.health().stuck());
  }

  @Test
  void changesReachTheListenerAndHeartbeatsDoNot() throws InterruptedException {
    api.installPolicyDefinition();
    api.node("n1");
    startAndSync();
    listener.heard.clear();

    String heartbeat =
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":\"2026-11-03T10:0%d:00Z\"}]}}";
    api.merge("/api/v1/nodes/n1/status", heartbeat.formatted(1));
    api.merge("/api/v1/nodes/n1/status", heartbeat.formatted(2));
    api.merge("/api/v1/nodes/n1", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
    eventually(
        "the label is seen", () -> "b".equals(cluster.node("n1").orElseThrow().labels().get("a")));
    api.delete("/api/v1/nodes/n1");
    eventually("the node is gone", () -> cluster.node("n1").isEmpty());

    eventually("the deletion is passed on", () -> listener.count("deleted n1") == 1);
    assertEquals(
        List.of("changed n1", "changed n1", "deleted n1"),
        listener.heard,
        "the condition, the label and the end; the second heartbeat is nothing");
  }

  @Test
  void reservedNamespacesAreAddedAndRemoved() throws InterruptedException {
    api.installPolicyDefinition();
    api.node("n1");
    api.namespace("storage", "");
    api.pod("storage", "s1", "n1");
    startAndSync();
    assertEquals(-1, podsOn("n1", "storage"), "not reserved");

    api.merge("/api/v1/namespaces/storage", "{\"metadata\":{\"labels\":{" + RESERVED + "}}}");
    eventually("it is reserved and read", () -> readable("storage"));
    assertEquals(1, podsOn("n1", "storage"));
    assertTrue(listener.count("namespace storage") >= 1, "all nodes are looked at again");

    api.pod("storage", "s2", "n1");
    eventually("a new pod is seen", () -> podsOn("n1", "storage") == 2);
    api.merge(
        "/api/v1/namespaces/storage/pods/s2/status", "{\"status\":{\"phase\":\"Succeeded\"}}");
    eventually("a pod that has ended is not", () -> podsOn("n1", "storage") == 1);

    long before = listener.count("namespace storage");
    api.merge(
        "/api/v1/namespaces/storage", "{\"metadata\":{\"labels\":{\"nodeqos.io/reserved\":null}}}");
    eventually("it is not reserved any more", () -> podsOn("n1", "storage") == -1);
    eventually("which is passed on", () -> listener.count("namespace storage") > before);

    api.merge("/api/v1/namespaces/storage", "{\"metadata\":{\"labels\":{" + RESERVED + "}}}");
    eventually("it comes back", () -> readable("storage"));
    api.delete("/api/v1/namespaces/storage");
    eventually("it is deleted", () -> podsOn("n1", "storage") == -1);
    eventually("the threads of its caches are gone", () -> handlerThreads() == 9);
  }

  /** One thread of each running informer waits for what to hand to its handler. */
  private static long handlerThreads() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Arrays.stream(stack)
                    .anyMatch(
                        f ->
                            f.getClassName()
                                    .equals("io.kubernetes.client.informer.cache.ProcessorListener")
                                && f.getMethodName().equals("run")))
        .count();
  }

  private static long informerThreads() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Arrays.stream(stack)
                    .anyMatch(f -> f.getClassName().startsWith("io.kubernetes.client.informer")))
        .count();
  }

  @Test
  void unreadableNamespaceDoesNotDelayTheStart() throws InterruptedException {
    api.installPolicyDefinition();
    api.namespace("secret", RESERVED);
    Faults.Injection denial =
        api.server
            .faults()
            .inject(
                r -> r.namespace().equals("secret") && r.resource().equals("pods"),
                new Fault.Refuse(403, Duration.ZERO),
                Faults.ALWAYS);

    startAndSync();

    assertFalse(readable("secret"), "nothing is known of it");
    assertTrue(readable("kube-system"), "the others are not concerned");
    denial.close();
    eventually("permission is noticed", () -> readable("secret"));
  }

  @Test
  void startWaitsForThePolicyDefinitionAndReportsIt() throws InterruptedException {
    start();
    eventually("only policies are missing", () -> cluster.health().waitingFor().size() == 1);
    eventually(
        "with the cause and the remedy: " + cluster.health().waitingFor(),
        () ->
            cluster.health().waitingFor().stream()
                .allMatch(
                    w ->
                        w.startsWith("nodeqospolicies (HTTP 404: ")
                            && w.contains("install the CustomResourceDefinition")));
    assertFalse(cluster.synced(), "no decision without policies");

    api.installPolicyDefinition();

    assertTrue(cluster.awaitSynced(Duration.ofSeconds(30)), "once it is installed");
  }

  @Test
  void clusterIsNotSyncedWhileAListFails() throws InterruptedException {
    api.installPolicyDefinition();
    for (int i = 1; i <= 3; i++) {
      api.node("n" + i);
    }
    Faults.Injection broken =
        api.server
            .faults()
            .inject(RequestInfo.on("list", "nodes"), new Fault.Garbage(), Faults.ALWAYS);
    start();
    eventually("it has tried more than once", () -> broken.hits() > 3);
    eventually(
        "all others are filled",
        () ->
            cluster.health().waitingFor().size() == 1
                && cluster.health().waitingFor().get(0).startsWith("nodes (the answer is not"));

    assertFalse(cluster.synced(), "a cold cache is no empty cluster");
    assertEquals(Set.of(), Set.copyOf(cluster.nodeNames()));

    broken.close();
    assertTrue(cluster.awaitSynced(Duration.ofSeconds(30)));
    assertEquals(3, cluster.nodeNames().size());
  }

  @Test
  void cutWatchesResumeWithoutALossAndWithoutAList() throws InterruptedException {
    api.installPolicyDefinition();
    api.server.faults().inject(RequestInfo.on("watch", "nodes"), new Fault.CutWatch(2), 10);
    startAndSync();

    for (int i = 1; i <= 15; i++) {
      api.node("n" + i);
    }

    eventually("all nodes arrive", () -> cluster.nodeNames().size() == 15);
    assertEquals(1, api.ours("list", "nodes", "").size(), "lists of nodes");
    assertTrue(api.ours("watch", "nodes", "").size() >= 5, "the watch was cut again and again");
  }

  @Test
  void expiredWatchListsAgainAndReportsMissedChanges() throws InterruptedException {
    api.installPolicyDefinition();
    api.node("n1");
    api.node("n2");
    // The watch is cut at the first event, and cannot be opened while things change.
    api.server.faults().inject(RequestInfo.on("watch", "nodes"), new Fault.CutWatch(0), 1);
    Faults.Injection away =
        api.server
            .faults()
            .inject(
                RequestInfo.on("watch", "nodes"),
                new Fault.Refuse(503, Duration.ZERO),
                Faults.ALWAYS);
    startAndSync();
    api.node("n3");
    eventually("the watch is away", () -> away.hits() > 0);
    api.delete("/api/v1/nodes/n1");
    api.server.compact();
    away.close();

    eventually("the deletion is noticed", () -> cluster.node("n1").isEmpty());
    eventually("the addition is noticed", () -> cluster.node("n3").isPresent());
    assertEquals(1, listener.count("deleted n1"));
    assertEquals(0, listener.count("changed n2"), "unchanged objects are not passed on again");
    assertEquals(2, api.ours("list", "nodes", "").size(), "lists of nodes, of a page each");
  }

  @Test
  void closingEndsAllThreads() throws InterruptedException {
    api.installPolicyDefinition();
    startAndSync();
    assertEquals(9, handlerThreads(), "seven caches and two of kube-system");

    cluster.close();

    eventually("no thread is left", () -> informerThreads() == 0);
  }
}
