// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonObject;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.kube.write.FencedWrites;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.sim.fleet.RestoredFleet;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import io.nodeqos.sim.virtual.VirtualTime;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster in virtual time: the API, the fleet, and a leader of the controller. For one thread;
 * the same input gives the same course.
 */
public final class VirtualCluster {
  private static final int STEPS_OF_PROGRESS = 256;

  private final VirtualTime time;
  private final VirtualApi api;
  private final Installation installation;
  private final RestoredFleet fleet;
  private final FleetFeed fleetFeed;
  private final WatchEvents events;
  private final long seed;
  private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();
  private SimulatedController controller;
  private ClusterObserver observer = ClusterObserver.NONE;
  private Progress progress = Progress.NONE;

  /** The caches of the controller have begun with all that was written until then. */
  private long filledAt;

  /**
   * The controller of a cluster.
   *
   * @param namespace its own
   */
  public record Installation(String namespace, ControllerSettings settings) {}

  private VirtualCluster(
      VirtualTime time, VirtualApi api, Installation installation, RestoredFleet fleet, long seed) {
    this.time = time;
    this.api = api;
    this.installation = installation;
    this.fleet = fleet;
    this.fleetFeed = FleetFeed.of(fleet, api);
    this.events = WatchEvents.of(api);
    this.seed = seed;
  }

  /**
   * Restores a cluster, and starts a controller that has no memory of it.
   *
   * @param crd the CustomResourceDefinition of policies
   */
  public static VirtualCluster restore(
      ClusterObjects objects,
      JsonObject crd,
      Installation installation,
      FleetTimings timings,
      long seed) {
    VirtualTime time = new VirtualTime(objects.at());
    VirtualApi api = VirtualApi.of(time.source(), seed);
    api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd)
        .expect("the CustomResourceDefinition", 409);
    api.restore(CacheFeed.NAMESPACES, ClusterObjects.namespace(installation.namespace(), false));
    for (String collection : ClusterObjects.COLLECTIONS) {
      objects.in(collection).forEach(object -> api.restore(collection, object.deepCopy()));
    }
    RestoredFleet fleet = RestoredFleet.of(api, time, time.source(), timings, seed);
    VirtualCluster cluster = new VirtualCluster(time, api, installation, fleet, seed);
    cluster.start();
    return cluster;
  }

  private void start() {
    fleetFeed.start();
    restartController();
  }

  /** A new leader takes over that remembers nothing, as after a restart of all replicas. */
  public void restartController() {
    Random random = new Random(seed);
    FencedWrites writes =
        FencedWrites.simulated(
            ApiInterceptor.client(api, write -> observer.wrote(write)),
            installation.settings().kube().writeRate(),
            new Pauses(time.source(), length -> {}, random::nextDouble));
    controller =
        SimulatedController.create(
            installation.settings(),
            installation.namespace(),
            reservedNamespaces(),
            writes,
            this::reached,
            event -> observer.published(event),
            time.source(),
            seed);
    controller.start(api);
    filledAt = api.version();
  }

  private Set<String> reservedNamespaces() {
    Set<String> reserved = new TreeSet<>();
    for (StoredObject namespace : api.objects(CacheFeed.NAMESPACES)) {
      String name = namespace.key().name();
      boolean labelled = "true".equals(namespace.selectable().labels().get(Keys.RESERVED));
      if (labelled || installation.settings().kube().reservedNamespaces().contains(name)) {
        reserved.add(name);
      }
    }
    return reserved;
  }

  private CompletableFuture<Void> reached() {
    CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    time.after(WatchEvents.DELAY.multipliedBy(2), () -> caughtUp.complete(null));
    return caughtUp;
  }

  /** From now on this observer sees what happens. */
  public void observe(ClusterObserver newObserver) {
    observer = newObserver;
  }

  /** From now on this is called while time passes. */
  public void followedBy(Progress follower) {
    progress = follower;
  }

  /** Lets so much time pass. */
  public void run(Duration length) {
    long end = time.nanos() + length.toNanos();
    for (int step = 0; ; step++) {
      if (step % STEPS_OF_PROGRESS == 0) {
        progress.at(Duration.ofNanos(time.nanos()));
      }
      collect();
      if (deliver() || time.runDue() || controller.work()) {
        continue;
      }
      long next = next();
      if (next > end) {
        time.moveTo(end);
        return;
      }
      time.moveTo(next);
    }
  }

  private void collect() {
    List<Delivery> fresh = events.take(time.nanos());
    fresh.stream()
        .filter(delivery -> delivery.collection().equals(CacheFeed.NODES))
        .forEach(delivery -> observer.nodeChanged(delivery.event()));
    deliveries.addAll(fresh);
  }

  private boolean deliver() {
    if (deliveries.isEmpty() || deliveries.peekFirst().nanos() > time.nanos()) {
      return false;
    }
    Delivery delivery = deliveries.removeFirst();
    if (delivery.event().version() > filledAt) {
      controller.apply(delivery.collection(), delivery.event());
    }
    fleetFeed.deliver(delivery);
    return true;
  }

  private long next() {
    long next = Long.MAX_VALUE;
    if (!deliveries.isEmpty()) {
      next = deliveries.peekFirst().nanos();
    }
    OptionalLong step = time.next();
    next = Math.min(next, step.orElse(Long.MAX_VALUE));
    OptionalLong key = controller.nanosUntilDue();
    return key.isPresent() ? Math.min(next, time.nanos() + Math.max(1, key.getAsLong())) : next;
  }

  /**
   * Lets a node join that is like a present one.
   *
   * @return its name
   */
  public String join(String like, int number, Optional<JsonObject> startupTaint, Duration after) {
    JsonObject node = api.object(CacheFeed.NODES, "", like).orElseThrow().parse();
    return fleet.join(node, number, startupTaint, StorageAgents.of(api).on(like), after);
  }

  /** A pod that ran is not Ready any more, and stays so. */
  public void fail(JsonObject pod) {
    fleet.fail(pod);
  }

  /** The machine of a node restarts. */
  public void reboot(String node) {
    time.after(Duration.ZERO, () -> fleet.reboot(node));
  }

  public Instant now() {
    return time.source().wallTime();
  }

  public VirtualApi api() {
    return api;
  }

  public SimulatedController controller() {
    return controller;
  }

  public ClusterObjects objects() {
    return ClusterObjects.of(api, now());
  }
}
