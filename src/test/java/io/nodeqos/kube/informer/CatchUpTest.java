// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.kube.RecordingListener;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.cache.KubeCluster;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.sim.http.Faults;
import io.nodeqos.sim.http.RequestLog.Request;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import io.nodeqos.telemetry.metrics.InformerMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches whose watch shows the past, against the embedded API server. */
class CatchUpTest {
  private static final String POD = "/api/v1/namespaces/storage/pods/agent";

  /** A cache of more is a large one. */
  private static final int PAGE = 10;

  private static final Fault REFUSAL = new Fault.Refuse(503, Duration.ZERO);

  @TempDir Path directory;

  private final SimCluster api = new SimCluster();

  /** The pods of n1 each time that the namespace changed and could be read. */
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private KubeCluster cluster;

  @BeforeEach
  void start() throws InterruptedException {
    cluster =
        new KubeCluster(
            TestClients.watch(directory, api.url()),
            TestClients.settings(PAGE, Duration.ofSeconds(30)),
            new InformerMetrics(),
            "nodeqos-system");
    api.installPolicyDefinition();
    api.node("n1");
    api.namespace("storage", "\"nodeqos.io/reserved\":\"true\"");
    api.pod("storage", "agent", "n1");
    ready("True");
  }

  private void startCaches() throws InterruptedException {
    cluster.start(
        new RecordingListener() {
          @Override
          public void reservedNamespaceChanged(String namespace) {
            if (namespace.equals("storage")) {
              note();
            }
          }
        });
    assertTrue(cluster.awaitSynced(Duration.ofSeconds(30)));
    seen.clear();
  }

  @AfterEach
  void close() {
    cluster.close();
    api.close();
  }

  private void note() {
    if (isReadable()) {
      seen.add(isReady() ? "ready" : "not ready");
    }
  }

  private void ready(String status) {
    api.merge(
        POD + "/status",
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}".formatted(status));
  }

  private NamespaceState storage() {
    return cluster.reserved("n1").namespaces().get("storage");
  }

  private boolean isReadable() {
    return storage() != null && storage().readable();
  }

  private boolean isReady() {
    return storage().pods().stream().allMatch(p -> p.state().ready());
  }

  private static Predicate<RequestInfo> pods(String verb) {
    return r ->
        r.verb().equals(verb) && r.resource().equals("pods") && r.namespace().equals("storage");
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

  private static void awaitDone(CompletableFuture<Void> caughtUp) throws Exception {
    caughtUp.get(30, TimeUnit.SECONDS);
  }

  @Test
  void rehearsalReadsNoReservedNamespaceAndOpensNoWatchAgain() throws Exception {
    startCaches();
    long all = count("list", r -> true);
    long caches =
        count("list", r -> r.namespace().isEmpty() || r.namespace().equals("nodeqos-system"));
    eventually("each cache has its watch", () -> count("watch", r -> true) == all);
    api.server.faults().inject(r -> r.verb().equals("list"), REFUSAL, Faults.ALWAYS);
    cluster.health().rehearse();
    eventually("each was read", () -> count("list", r -> true) >= all + caches);
    cluster.health().rehearse();
    eventually("and again", () -> count("list", r -> true) >= all + 2 * caches);
    assertEquals(all + 2 * caches, count("list", r -> true), "a failure is no reason to go on");
    assertEquals(all, count("watch", r -> true));
    assertTrue(cluster.synced());
  }

  private long count(String verb, Predicate<Request> wanted) {
    return api.server.requests().all().stream()
        .filter(r -> r.verb().equals(verb) && r.userAgent().startsWith("node-qos-controller"))
        .filter(wanted)
        .count();
  }

  /** The watch of the pods ends with the next event, which is lost, and cannot be opened again. */
  private Faults.Injection podWatchHangs() throws InterruptedException {
    api.server.faults().inject(pods("watch"), new Fault.CutWatch(0), 1);
    Faults.Injection hanging =
        api.server.faults().inject(pods("watch"), new Fault.Stall(), Faults.ALWAYS);
    startCaches();
    eventually("the watch is open", () -> !api.ours("watch", "pods", "storage").isEmpty());
    ready("False");
    eventually("the watch hangs", () -> hanging.hits() > 0);
    return hanging;
  }

  @Test
  void smallQuietCachesCostOneRequestEach() throws Exception {
    startCaches();
    eventually("all watches are open", () -> watches().size() == 11);
    int before = api.server.requests().all().size();
    // Of another resource: the version of the whole store moves on, and no watch shows it.
    api.create(
        "/apis/coordination.k8s.io/v1/namespaces/default/leases",
        "{\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/v1\",\"metadata\":{\"name\":\"l\"}}");

    awaitDone(cluster.health().catchUp());

    List<Request> asked = oursSince(before);
    assertEquals(
        asked.size(),
        asked.stream()
            .filter(r -> r.verb().equals("list") && r.metadataOnly())
            .map(r -> r.resource() + " of " + r.namespace())
            .collect(Collectors.toSet())
            .size(),
        () -> asked.toString());
    assertEquals(11, asked.size(), "seven caches, and two of each reserved namespace");
    assertEquals(List.of(), cluster.health().behind());
  }

  @Test
  void largeQuietCacheOpensItsWatchAgainForABookmark() throws Exception {
    for (int i = 2; i <= PAGE + 1; i++) {
      api.node("n" + i);
    }
    startCaches();
    eventually("all watches are open", () -> watches().size() == 11);
    api.namespace("later", "");
    int before = api.server.requests().all().size();

    awaitDone(cluster.health().catchUp());

    List<String> ofNodes =
        oursSince(before).stream()
            .filter(r -> r.resource().equals("nodes"))
            .map(Request::verb)
            .distinct()
            .toList();
    assertEquals(List.of("list", "watch"), ofNodes);
    assertEquals(1, api.ours("list", "nodes", "").stream().filter(Request::metadataOnly).count());
    assertEquals(2, wholeLists("nodes"), "the pages of the start, and none since");
  }

  @Test
  void cacheWithAHangingWatchIsAwaited() throws Exception {
    try (Faults.Injection hanging = podWatchHangs()) {
      CompletableFuture<Void> caughtUp = cluster.health().catchUp();

      assertThrows(TimeoutException.class, () -> caughtUp.get(1, TimeUnit.SECONDS));
      assertTrue(isReady(), "the past");
      assertEquals(List.of("pods of namespace storage"), cluster.health().behind());
      hanging.close();
      awaitDone(caughtUp);
      assertFalse(isReady());
    }
  }

  @Test
  void cacheWithAPermanentlyHangingWatchIsListedAgain() throws Exception {
    try (Faults.Injection hanging = podWatchHangs()) {
      awaitDone(cluster.health().catchUp());

      assertFalse(isReady());
      assertTrue(hanging.hits() > 1, "the watch was tried first");
    }
  }

  @Test
  void unreachableServerKeepsTheCatchUpWaiting() throws Exception {
    startCaches();
    Faults.Injection away =
        api.server
            .faults()
            .inject(
                RequestInfo.on("list", "nodeqospolicies"),
                new Fault.Refuse(503, Duration.ZERO),
                Faults.ALWAYS);
    CompletableFuture<Void> caughtUp = cluster.health().catchUp();

    assertThrows(TimeoutException.class, () -> caughtUp.get(1, TimeUnit.SECONDS));
    assertEquals(List.of("nodeqospolicies"), cluster.health().behind());
    away.close();
    awaitDone(caughtUp);
  }

  @Test
  void forbiddenNamespaceIsNotAwaited() throws Exception {
    startCaches();
    List<Faults.Injection> denials = new ArrayList<>();
    for (String verb : List.of("list", "watch")) {
      denials.add(
          api.server
              .faults()
              .inject(pods(verb), new Fault.Refuse(403, Duration.ZERO), Faults.ALWAYS));
    }

    awaitDone(cluster.health().catchUp());

    assertFalse(isReadable(), "the watch, which went on, was opened again");
    denials.forEach(Faults.Injection::close);
    eventually("the permission is noticed", this::isReadable);
  }

  /** Both by the watch, which could be opened again first, and by a list. */
  @Test
  void restoredPermissionShowsNoStaleObjects() throws Exception {
    api.server.faults().inject(pods("watch"), new Fault.CutWatch(0), 1);
    Faults.Injection denied =
        api.server
            .faults()
            .inject(pods("watch"), new Fault.Refuse(403, Duration.ZERO), Faults.ALWAYS);
    startCaches();
    eventually("the watch is open", () -> !api.ours("watch", "pods", "storage").isEmpty());
    Faults.Injection deniedList =
        api.server
            .faults()
            .inject(pods("list"), new Fault.Refuse(403, Duration.ZERO), Faults.ALWAYS);
    ready("False");
    eventually("it cannot be read", () -> !isReadable());
    seen.clear();

    denied.close();
    deniedList.close();
    eventually("it can be read", this::isReadable);

    assertFalse(isReady());
    assertEquals(List.of("not ready"), seen.stream().distinct().toList());
  }

  private List<Request> watches() {
    return oursSince(0).stream()
        .filter(r -> r.verb().equals("watch"))
        .collect(
            Collectors.collectingAndThen(
                Collectors.toMap(r -> r.resource() + r.namespace(), r -> r, (a, b) -> b),
                all -> List.copyOf(all.values())));
  }

  private long wholeLists(String resource) {
    return api.ours("list", resource, "").stream().filter(r -> !r.metadataOnly()).count();
  }

  private List<Request> oursSince(int before) {
    return api.server.requests().all().stream()
        .skip(before)
        .filter(r -> r.userAgent().startsWith("node-qos-controller"))
        .toList();
  }
}
