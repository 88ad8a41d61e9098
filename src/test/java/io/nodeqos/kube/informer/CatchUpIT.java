// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.kube.RecordingListener;
import io.nodeqos.kube.cache.KubeCluster;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.node.PodView;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.telemetry.metrics.InformerMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consistent reads, versions of lists and bookmarks are those of a real API server. */
@RealApi
class CatchUpIT {
  private static final int LARGE_PAGE = 500;

  /** Each cluster has more namespaces than that: their cache is a large one. */
  private static final int SMALL_PAGE = 2;

  private final String name = "catch-up-" + UUID.randomUUID();
  private final ControlPlane plane;
  private final ApiEndpoint client;

  /** Path and query of each request. */
  private final List<HttpUrl> requests = new CopyOnWriteArrayList<>();

  /** A call is over for OkHttp's dispatcher when the head of the answer is there. */
  private final List<Call> podWatches = new CopyOnWriteArrayList<>();

  private volatile boolean podWatchIsCut;
  private KubeCluster cluster;

  CatchUpIT(ControlPlane plane) throws ClientConfigException {
    this.plane = plane;
    ApiEndpoint plain = RealClients.watch(plane);
    client =
        new ApiEndpoint(
            plain
                .http()
                .newBuilder()
                .addInterceptor(
                    chain -> {
                      HttpUrl url = chain.request().url();
                      requests.add(url);
                      if (isPodWatch(url)) {
                        podWatches.add(chain.call());
                        if (podWatchIsCut) {
                          throw new IOException("the watch is cut");
                        }
                      }
                      return chain.proceed(chain.request());
                    })
                .build(),
            plain.server(),
            name);
  }

  @BeforeEach
  void createObjects() {
    plane.kubectl("apply", "--server-side", "-f", "manifests/crd.yaml").succeeded();
    plane.kubectl("create", "namespace", name).succeeded();
    plane.kubectl("label", "namespace", name, "nodeqos.io/reserved=true").succeeded();
    create(
        """
        {"kind":"ServiceAccount","apiVersion":"v1","metadata":{"name":"default","namespace":"%s"}}"""
            .formatted(name));
    create(
        """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"agent","namespace":"%1$s"},
         "spec":{"nodeName":"%1$s","automountServiceAccountToken":false,
           "containers":[{"name":"c","image":"i"}]}}"""
            .formatted(name));
  }

  @AfterEach
  void close() {
    if (cluster != null) {
      cluster.close();
    }
    plane.kubectl("-n", name, "delete", "pod", "agent", "--force", "--grace-period=0").succeeded();
    plane.kubectl("delete", "namespace", name, "--wait=false").succeeded();
  }

  private void create(String json) {
    plane.kubectlWith(json, "create", "-f", "-").succeeded();
  }

  private void startCaches(int pageLimit) throws InterruptedException {
    cluster =
        new KubeCluster(
            client,
            TestClients.settings(pageLimit, Duration.ofSeconds(130)),
            new InformerMetrics(),
            name);
    cluster.start(new RecordingListener());
    assertTrue(
        cluster.awaitSynced(Duration.ofSeconds(60)),
        () -> "still waiting for " + cluster.health().waitingFor());
    eventually("the pod is seen", () -> pods().size() == 1);
    eventually("its watch is open", () -> !podWatches.isEmpty());
  }

  private boolean isPodWatch(HttpUrl url) {
    return "true".equals(url.queryParameter("watch"))
        && url.encodedPath().endsWith("/namespaces/" + name + "/pods")
        && url.queryParameter("labelSelector") == null;
  }

  private List<PodView> pods() {
    return cluster.reserved(name).namespaces().containsKey(name)
        ? cluster.reserved(name).namespaces().get(name).pods()
        : List.of();
  }

  /** Of a resource without a cache: no watch of ours hears of the version that this makes. */
  private void moveTheStoreOn() {
    plane.kubectl("-n", name, "create", "configmap", "c-" + UUID.randomUUID()).succeeded();
  }

  private static void eventually(String description, BooleanSupplier condition)
      throws InterruptedException {
    for (int i = 0; i < 1500; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never: " + description);
  }

  private long watchesSince(int before) {
    return requests.stream()
        .skip(before)
        .filter(url -> "true".equals(url.queryParameter("watch")))
        .count();
  }

  @Test
  void smallQuietCachesCatchUpWithOneRequestEach() throws Exception {
    startCaches(LARGE_PAGE);
    moveTheStoreOn();
    int before = requests.size();
    long begun = System.nanoTime();

    cluster.health().catchUp().get(30, TimeUnit.SECONDS);

    System.out.println("caught up in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    List<HttpUrl> asked = requests.subList(before, requests.size());
    assertEquals(0, watchesSince(before), asked::toString);
    assertEquals(asked.size(), asked.stream().distinct().count(), asked::toString);
  }

  @Test
  void largeQuietCacheCatchesUpByABookmark() throws Exception {
    startCaches(SMALL_PAGE);
    moveTheStoreOn();
    int before = requests.size();
    long begun = System.nanoTime();

    cluster.health().catchUp().get(30, TimeUnit.SECONDS);

    long millis = (System.nanoTime() - begun) / 1_000_000;
    System.out.println("caught up in " + millis + " ms");
    List<HttpUrl> asked = requests.subList(before, requests.size());
    assertTrue(watchesSince(before) > 0, asked::toString);
    assertEquals(
        List.of(),
        asked.stream().filter(url -> url.queryParameter("continue") != null).toList(),
        "no list of more than a page");
    assertTrue(millis < 5_000, "the bookmark came " + millis + " ms later");
  }

  @Test
  void cacheWithACutWatchIsAwaitedUntilItIsCurrent() throws Exception {
    startCaches(LARGE_PAGE);
    podWatchIsCut = true;
    podWatches.forEach(Call::cancel);
    plane.kubectl("-n", name, "label", "pod", "agent", "seen=true").succeeded();

    CompletableFuture<Void> caughtUp = cluster.health().catchUp();

    assertThrows(TimeoutException.class, () -> caughtUp.get(1, TimeUnit.SECONDS));
    assertFalse(pods().get(0).labels().containsKey("seen"), "the past");
    assertEquals(List.of("pods of namespace " + name), cluster.health().behind());
    podWatchIsCut = false;
    caughtUp.get(60, TimeUnit.SECONDS);
    assertTrue(pods().get(0).labels().containsKey("seen"));
  }
}
