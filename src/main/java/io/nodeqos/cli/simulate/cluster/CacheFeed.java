// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.kube.cache.CsiNodeHandler;
import io.nodeqos.kube.cache.NodeHandler;
import io.nodeqos.kube.cache.PolicyHandler;
import io.nodeqos.kube.cache.RevisionHandler;
import io.nodeqos.kube.informer.Informer;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.Keys;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Fills the caches of the simulated controller from the stored objects, and follows them. */
public final class CacheFeed {
  public static final String NODES = "/api/v1/nodes";
  public static final String PODS = "/api/v1/pods";
  public static final String NAMESPACES = "/api/v1/namespaces";
  public static final String CSI_NODES = "/apis/storage.k8s.io/v1/csinodes";
  public static final String DAEMON_SETS = "/apis/apps/v1/daemonsets";
  public static final String REVISIONS = "/apis/apps/v1/controllerrevisions";
  public static final String POLICIES = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  /** In the order in which they are filled. */
  static final List<String> COLLECTIONS =
      List.of(NODES, CSI_NODES, PODS, DAEMON_SETS, REVISIONS, POLICIES);

  private final Map<String, List<EventCache<?>>> caches;

  private CacheFeed(Map<String, List<EventCache<?>>> caches) {
    this.caches = caches;
  }

  /**
   * Caches that are empty.
   *
   * @param reserved names of the reserved namespaces
   * @param ownNamespace the namespace of the controller
   */
  static CacheFeed of(
      SimulatedCaches cluster,
      Set<String> reserved,
      String ownNamespace,
      Set<String> extraAnnotations,
      ClusterListener listener) {
    Map<String, List<EventCache<?>>> all = new HashMap<>();
    Interning interning = new Interning();
    Predicate<StoredObject> every = object -> true;
    add(
        all,
        NODES,
        CacheSource.nodes(interning, extraAnnotations),
        every,
        new NodeHandler(cluster.nodes(), listener));
    add(
        all,
        CSI_NODES,
        CacheSource.csiNodes(interning),
        every,
        new CsiNodeHandler(cluster.csiDrivers(), listener));
    for (String namespace : reserved) {
      ReservedObjects objects = new ReservedObjects(namespace, listener);
      cluster.reservedObjects().put(namespace, objects);
      add(
          all,
          PODS,
          CacheSource.pods(namespace, interning),
          in(namespace).and(CacheFeed::hasNotEnded),
          objects.podHandler());
      add(
          all,
          DAEMON_SETS,
          CacheSource.daemonSets(namespace, interning),
          in(namespace),
          objects.daemonSetHandler());
    }
    add(
        all,
        PODS,
        CacheSource.spinnerPods(ownNamespace, interning),
        in(ownNamespace).and(labelled(Keys.SPINNER)),
        cluster.spinnerCaches().podHandler(listener));
    add(
        all,
        DAEMON_SETS,
        CacheSource.spinners(ownNamespace),
        in(ownNamespace).and(labelled(Keys.SPINNER)),
        cluster.spinnerCaches().daemonSetHandler(listener));
    add(
        all,
        REVISIONS,
        CacheSource.revisions(ownNamespace),
        in(ownNamespace).and(labelled(Keys.REVISION_OF)),
        new RevisionHandler(listener));
    add(all, POLICIES, CacheSource.policies(), every, new PolicyHandler(listener));
    return new CacheFeed(all);
  }

  private static <V> void add(
      Map<String, List<EventCache<?>>> all,
      String collection,
      CacheSource<V> source,
      Predicate<StoredObject> selected,
      Informer.Handler<V> handler) {
    all.computeIfAbsent(collection, any -> new ArrayList<>())
        .add(new EventCache<>(source.codec(), selected, handler));
  }

  private static Predicate<StoredObject> in(String namespace) {
    return object -> object.key().namespace().equals(namespace);
  }

  private static Predicate<StoredObject> labelled(String key) {
    return object -> object.selectable().labels().containsKey(key);
  }

  private static boolean hasNotEnded(StoredObject pod) {
    String phase = pod.selectable().fields().getOrDefault("status.phase", "");
    return !phase.equals("Succeeded") && !phase.equals("Failed");
  }

  /** Takes all present objects. */
  void fill(VirtualApi api) {
    for (String collection : COLLECTIONS) {
      for (StoredObject object : api.objects(collection)) {
        caches.get(collection).forEach(cache -> cache.put(object));
      }
    }
  }

  void apply(String collection, StoredEvent event) {
    caches.getOrDefault(collection, List.of()).forEach(cache -> cache.apply(event));
  }
}
