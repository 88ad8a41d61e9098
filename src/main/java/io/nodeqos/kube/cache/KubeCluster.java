// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.kubernetes.client.util.Threads;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.informer.CacheStatus;
import io.nodeqos.kube.informer.Informer;
import io.nodeqos.kube.informer.Informers;
import io.nodeqos.kube.informer.LatchedCondition;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.NamespaceView;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.images.SpinnerView;
import io.nodeqos.telemetry.metrics.InformerMetrics;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The caches of the whole cluster: Nodes, CSINodes, Namespaces, policies, and the pods and
 * DaemonSets of each reserved namespace, and the spinners and the revisions of policies of the
 * controller's own. Lookups read maps that the informers' handlers fill, so that a listener finds
 * the object of its event in the map, and no lookup takes a lock.
 *
 * <p>Once {@link #synced}, it stays so: a cache that must be listed again keeps what it has until
 * the new list is complete.
 */
public final class KubeCluster implements ClusterView, SpinnerView, AutoCloseable {
  private final Informers informers;
  private final Interning interning = new Interning();
  private final KubeSettings settings;
  private final InformerMetrics metrics;
  private final InformerAges ages;
  private final Map<String, NodeView> nodes = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> csiDrivers = new ConcurrentHashMap<>();
  private final String spinnerNamespace;
  private final SpinnerCaches spinners = new SpinnerCaches();
  private final Progress progress = new Progress();
  private final LatchedCondition synced = new LatchedCondition(this::allFilled);
  private final ExecutorService stopper =
      Executors.newSingleThreadExecutor(DaemonThreads.numbered("cache-stopper"));

  private final CacheHealth health = new CacheHealth(() -> this.clusterWide, this::namespaced);

  private volatile List<Informer<?>> clusterWide = List.of();
  private volatile ReservedNamespaces reserved;

  /**
   * Creates it empty; {@link #start} fills it.
   *
   * @param watchClient without read timeout of its own: watches set theirs
   * @param spinnerNamespace the controller's own
   */
  public KubeCluster(
      ApiEndpoint watchClient,
      KubeSettings settings,
      InformerMetrics metrics,
      String spinnerNamespace) {
    this(watchClient, settings, metrics, spinnerNamespace, Pauses.system());
  }

  KubeCluster(
      ApiEndpoint watchClient,
      KubeSettings settings,
      InformerMetrics metrics,
      String spinnerNamespace,
      Pauses pauses) {
    this.spinnerNamespace = spinnerNamespace;
    this.informers = new Informers(watchClient, settings.cache(), pauses);
    this.settings = settings;
    this.metrics = metrics;
    this.ages = new InformerAges(metrics);
  }

  /**
   * Starts all caches and returns at once; retries for ever while the API server is unavailable.
   * Call once.
   */
  public void start(ClusterListener listener) {
    // The client library's threads would keep the process alive.
    Threads.setDefaultThreadFactory(DaemonThreads.numbered("informer"));
    reserved =
        new ReservedNamespaces(
            settings.reservedNamespaces(), listener, new NamespaceCaches(listener), stopper);
    Informer<NamespaceView> namespaces =
        create(
            CacheSource.namespaces(),
            new NamespaceHandler(
                reserved, () -> !clusterWide.get(0).status().synced(), this::check));
    clusterWide =
        List.of(
            namespaces,
            create(
                CacheSource.nodes(interning, settings.extraAnnotations()),
                new NodeHandler(nodes, listener)),
            create(CacheSource.csiNodes(interning), new CsiNodeHandler(csiDrivers, listener)),
            create(CacheSource.spinners(spinnerNamespace), spinners.daemonSetHandler(listener)),
            create(
                CacheSource.spinnerPods(spinnerNamespace, interning),
                spinners.podHandler(listener)),
            create(CacheSource.policies(), new PolicyHandler(listener)),
            create(CacheSource.revisions(spinnerNamespace), new RevisionHandler(listener)));
    clusterWide.forEach(this::begin);
  }

  private <V> Informer<V> create(CacheSource<V> source, Informer.Handler<V> handler) {
    return informers.create(source, statusListener(source.resource(), () -> {}), handler);
  }

  private void begin(Informer<?> informer) {
    ages.watch(informer);
    informer.start();
  }

  private void end(Informer<?> informer) {
    informer.stop();
    ages.unwatch(informer);
  }

  /** The same object at any time, also before {@link #start}. */
  public CacheHealth health() {
    return health;
  }

  /** Stops all caches and waits for their threads. Lookups go on answering from what they hold. */
  @Override
  public void close() {
    health.close();
    clusterWide.forEach(this::end);
    clusterWide = List.of();
    ReservedNamespaces all = reserved;
    if (all != null) {
      all.stop();
    }
    stopper.shutdown();
  }

  @Override
  public boolean synced() {
    return synced.isReached();
  }

  /**
   * Waits until everything is synced.
   *
   * @return false when the time is up first
   */
  public boolean awaitSynced(Duration limit) throws InterruptedException {
    return progress.await(synced::isReached, limit);
  }

  private List<Informer<?>> namespaced() {
    ReservedNamespaces namespaces = reserved;
    return namespaces == null
        ? List.of()
        : namespaces.all().stream().<Informer<?>>flatMap(n -> n.informers().stream()).toList();
  }

  /** To be called after each change of a cache's status and of the reserved namespaces. */
  private void check() {
    synced.look();
    progress.changed();
  }

  private boolean allFilled() {
    List<Informer<?>> all = clusterWide;
    return !all.isEmpty() && all.stream().allMatch(i -> i.status().synced()) && reserved.settled();
  }

  @Override
  public Optional<NodeView> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  @Override
  public Collection<String> nodeNames() {
    return List.copyOf(nodes.keySet());
  }

  @Override
  public int nodeCount() {
    return nodes.size();
  }

  @Override
  public ReservedState reserved(String nodeName) {
    ReservedNamespaces all = reserved;
    return new ReservedState(
        all == null ? Map.of() : all.on(nodeName),
        Optional.ofNullable(csiDrivers.get(nodeName)),
        new ImagePulls(spinners.podsOn(nodeName), Optional.empty()));
  }

  @Override
  public Optional<SpinnerDaemonSet> spinner(String daemonSetName) {
    return spinners.daemonSet(daemonSetName);
  }

  @Override
  public Collection<SpinnerDaemonSet> spinners() {
    return spinners.daemonSets();
  }

  private CacheStatus.Listener statusListener(String resource, Runnable also) {
    return new CacheStatus.Listener() {
      @Override
      public void statusChanged() {
        also.run();
        check();
      }

      @Override
      public void relisted() {
        metrics.relisted(resource);
      }
    };
  }

  private final class NamespaceCaches implements ReservedNamespaces.Caches {
    private final ClusterListener listener;

    NamespaceCaches(ClusterListener listener) {
      this.listener = listener;
    }

    @Override
    public void start(ReservedNamespace namespace) {
      namespace.start(
          informers,
          interning,
          resource ->
              statusListener(resource, () -> listener.reservedNamespaceChanged(namespace.name())));
      namespace.informers().forEach(ages::watch);
    }

    @Override
    public void stop(ReservedNamespace namespace) {
      namespace.mute();
      namespace.informers().forEach(KubeCluster.this::end);
    }
  }
}
