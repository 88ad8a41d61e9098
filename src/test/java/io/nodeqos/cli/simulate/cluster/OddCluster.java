// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.events.QosEvent;
import io.nodeqos.kube.write.FencedWrites;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.sim.fleet.RestoredFleet;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import io.nodeqos.sim.virtual.VirtualTime;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The embedded API with objects of an odd number or size, a fleet and one leader in virtual time,
 * and counts of what the leader does: the keys that it works on, and its writes.
 */
final class OddCluster {
  private static final String NAMESPACE = "nodeqos-system";
  private static final long SEED = 1;
  private static final Program PROGRAM = Program.read();

  final VirtualApi api;
  final RestoredFleet fleet;
  final List<ControllerWrite> writes = new ArrayList<>();
  final List<QosEvent> events = new ArrayList<>();
  private final VirtualTime time;
  private final SimulatedController controller;
  private final FleetFeed fleetFeed;
  private final WatchEvents watched;
  private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();
  private Duration forEachKey = Duration.ZERO;
  private int keys;

  private OddCluster(VirtualTime time, VirtualApi api, Set<String> reserved) {
    this.time = time;
    this.api = api;
    this.fleet = RestoredFleet.of(api, time, time.source(), FleetTimings.demo(), SEED);
    this.fleetFeed = FleetFeed.of(fleet, api);
    this.watched = WatchEvents.of(api);
    Random random = new Random(SEED);
    ControllerSettings settings = settings();
    this.controller =
        SimulatedController.create(
            settings,
            NAMESPACE,
            reserved,
            FencedWrites.simulated(
                ApiInterceptor.client(api, writes::add),
                settings.kube().writeRate(),
                new Pauses(time.source(), length -> {}, random::nextDouble)),
            this::reached,
            events::add,
            time.source(),
            SEED);
  }

  /** Each key has a cause, and no write is put off. */
  private static ControllerSettings settings() {
    try {
      return SettingsLoader.load(
              "odd",
              """
              resyncPeriod: 24h
              kubernetes.writesPerSecond: 100000
              kubernetes.writeBurst: 100000
              """)
          .settings();
    } catch (SettingsException e) {
      throw new AssertionError(e);
    }
  }

  static OddCluster of(OddObjects objects) {
    VirtualTime time = new VirtualTime(OddObjects.START);
    VirtualApi api = VirtualApi.of(time.source(), SEED);
    api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", PROGRAM.crd());
    for (String collection : ClusterObjects.COLLECTIONS) {
      objects.in(collection).forEach(object -> api.restore(collection, object));
    }
    OddCluster cluster = new OddCluster(time, api, objects.reserved());
    cluster.start();
    return cluster;
  }

  private void start() {
    fleetFeed.start();
    controller.start(api);
  }

  List<JsonObject> all(String collection) {
    return api.objects(collection).stream().map(StoredObject::parse).toList();
  }

  private CompletableFuture<Void> reached() {
    CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    time.after(WatchEvents.DELAY.multipliedBy(2), () -> caughtUp.complete(null));
    return caughtUp;
  }

  /** Lets so much time pass; the number of keys that the controller has worked on. */
  int run(Duration length) {
    int before = keys;
    long end = time.nanos() + length.toNanos();
    while (time.nanos() <= end) {
      deliveries.addAll(watched.take(time.nanos()));
      if (!deliver() && !time.runDue() && !work()) {
        time.moveTo(Math.min(next(), end + 1));
      }
    }
    return keys - before;
  }

  /** After a write of others, and as long as it takes: what it costs. */
  int keysUntilQuiet() {
    int cost = 0;
    int last;
    do {
      last = run(Duration.ofMinutes(1));
      cost += last;
    } while (last > 0);
    return cost;
  }

  /** From now on the controller has one worker, which takes so long for each key. */
  void eachKeyTakes(Duration length) {
    forEachKey = length;
  }

  private boolean work() {
    boolean worked = controller.work();
    if (worked) {
      keys++;
      time.moveTo(time.nanos() + forEachKey.toNanos());
    }
    return worked;
  }

  private boolean deliver() {
    if (deliveries.isEmpty() || deliveries.peekFirst().nanos() > time.nanos()) {
      return false;
    }
    Delivery delivery = deliveries.removeFirst();
    controller.apply(delivery.collection(), delivery.event());
    fleetFeed.deliver(delivery);
    return true;
  }

  private long next() {
    long next = deliveries.isEmpty() ? Long.MAX_VALUE : deliveries.peekFirst().nanos();
    next = Math.min(next, time.next().orElse(Long.MAX_VALUE));
    OptionalLong key = controller.nanosUntilDue();
    return key.isPresent() ? Math.min(next, time.nanos() + Math.max(1, key.getAsLong())) : next;
  }

  /** Lets a node join that is like a present one; its name. */
  String join(String like) {
    JsonObject node = api.object(CacheFeed.NODES, "", like).orElseThrow().parse();
    return fleet.join(
        node, 100_000, Optional.empty(), StorageAgents.of(api).on(like), Duration.ZERO);
  }

  /** Creates a policy, or changes its spec. */
  void policy(String name, String spec) {
    JsonObject policy = OddObjects.policy(name, spec);
    Optional<StoredObject> present = api.object(CacheFeed.POLICIES, "", name);
    if (present.isPresent()) {
      JsonObject now = present.get().parse();
      now.add("spec", policy.get("spec"));
      assertTrue(api.update(CacheFeed.POLICIES + "/" + name, now).ok(), name);
    } else {
      assertTrue(api.create(CacheFeed.POLICIES, policy).ok(), name);
    }
  }

  JsonObject node(String name) {
    return api.object(CacheFeed.NODES, "", name).orElseThrow().parse();
  }

  JsonObject policyStatus(String name) {
    return api.object(CacheFeed.POLICIES, "", name).orElseThrow().parse().getAsJsonObject("status");
  }

  /** The names of the nodes that were written since the last time, in the order of the writes. */
  List<String> nodesWritten() {
    List<String> names =
        writes.stream()
            .filter(ControllerWrite::isOfNode)
            .filter(ControllerWrite::succeeded)
            .map(ControllerWrite::name)
            .toList();
    writes.clear();
    return names;
  }
}
