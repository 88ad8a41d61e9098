// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.FreshCaches;
import io.nodeqos.kube.informer.Informer;
import io.nodeqos.reconcile.FreshNodes;
import io.nodeqos.thread.DaemonThreads;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reports how far the caches of a cluster are behind the API server and why, and lets them catch
 * up. Thread-safe.
 */
public final class CacheHealth implements FreshNodes {
  private final Supplier<List<Informer<?>>> clusterWide;
  private final Supplier<List<Informer<?>>> namespaced;
  private final FreshCaches fresh = new FreshCaches();
  private final FreshCaches freshNodes = new FreshCaches();

  /**
   * @param clusterWide the present caches of the whole cluster
   * @param namespaced the present caches of reserved namespaces
   */
  CacheHealth(Supplier<List<Informer<?>>> clusterWide, Supplier<List<Informer<?>>> namespaced) {
    this.clusterWide = clusterWide;
    this.namespaced = namespaced;
  }

  /**
   * Lets all caches catch up with the API server: one small request for each, and more only for a
   * cache that is behind, or that is large and quiet.
   *
   * @return completes when each cache that is trusted has reached what the API server had after
   *     this call; never when that is not reached
   */
  public CompletableFuture<Void> catchUp() {
    return fresh.reached(informers().toList());
  }

  /**
   * Reads what {@link #catchUp} reads first, of one cache after the other, on a thread of its own:
   * when a term begins, this code is loaded. The caches of reserved namespaces, of which there can
   * be many, have the same code and are left out. Writes nothing.
   */
  public void rehearse() {
    DaemonThreads.named("rehearsal", () -> clusterWide.get().forEach(Informer::rehearse)).start();
  }

  @Override
  public CompletableFuture<Void> reached() {
    return freshNodes.reached(
        clusterWide.get().stream().filter(i -> i.resource().equals("nodes")).toList());
  }

  /** The caches that {@link #catchUp} still waits for, as text for the log. */
  public List<String> behind() {
    return fresh.behind();
  }

  /**
   * The caches that {@link KubeCluster#synced} still waits for and the reasons, as text for the
   * log; empty when it waits for none. It does not wait for a reserved namespace that RBAC forbids
   * to read, but it does wait for a cluster-wide cache.
   */
  public List<String> waitingFor() {
    return Stream.concat(
            clusterWide.get().stream().filter(i -> !i.status().synced()),
            namespaced.get().stream().filter(i -> !i.status().settled()))
        .map(i -> i.describe() + reason(i.status().problem()))
        .toList();
  }

  private static String reason(String problem) {
    return problem.isEmpty() ? "" : " (" + problem + ")";
  }

  /** Caches whose thread neither tries nor waits as planned; {@code /livez} fails on them. */
  public List<String> stuck() {
    return informers().filter(i -> !i.alive()).map(Informer::describe).toList();
  }

  /** The longest time that any cache has been cut off from the API server; zero normally. */
  public Duration cutOffFor() {
    return informers()
        .map(i -> i.status().cutOffFor())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private Stream<Informer<?>> informers() {
    return Stream.concat(clusterWide.get().stream(), namespaced.get().stream());
  }

  void close() {
    fresh.close();
    freshNodes.close();
  }
}
