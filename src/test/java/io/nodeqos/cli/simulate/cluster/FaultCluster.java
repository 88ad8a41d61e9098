// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.kube.write.FencedWrites;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.sim.fleet.RestoredFleet;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import io.nodeqos.sim.virtual.VirtualTime;
import io.nodeqos.time.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The embedded API, a fleet and one leader of the controller in virtual time. The leader can die,
 * and the caches of the next one can be behind in one collection.
 */
final class FaultCluster {
  static final String NAMESPACE = "nodeqos-system";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(15);

  /** Longer than a leader waits for its cache after a write. */
  private static final Duration CATCHING_UP = Duration.ofSeconds(20);

  private static final int STEPS_OF_ONE_MOMENT = 20_000;
  private static final long SEED = 1;

  final VirtualTime time;
  final VirtualApi api;
  final RestoredFleet fleet;
  final ControllerRequests requests;
  private final ControllerSettings settings;
  private final FleetFeed fleetFeed;
  private final WatchEvents watched;
  private final Map<String, Map<ObjectKey, StoredObject>> initial = new HashMap<>();
  private final Map<String, List<StoredEvent>> history = new HashMap<>();
  private final Deque<Delivery> toFleet = new ArrayDeque<>();
  private final Map<String, Deque<Delivery>> toController = new LinkedHashMap<>();
  private Optional<SimulatedController> controller = Optional.empty();
  private int lives;

  /** The collection of which a new leader has not seen the last events at first. */
  record Behind(String collection, int events) {
    static final Behind NOTHING = new Behind("", 0);
  }

  private FaultCluster(Program program, ClusterRules rules, VirtualTime time, VirtualApi api) {
    this.time = time;
    this.api = api;
    this.settings = program.settings();
    this.fleet = RestoredFleet.of(api, time, time.source(), FleetTimings.demo(), SEED);
    this.fleetFeed = FleetFeed.of(fleet, api);
    this.watched = WatchEvents.of(api);
    this.requests = new ControllerRequests(api, rules);
  }

  /** A cluster with these objects, and a leader. */
  static FaultCluster of(Program program, ClusterObjects objects, ClusterRules rules) {
    VirtualTime time = new VirtualTime(START);
    VirtualApi api = VirtualApi.of(time.source(), SEED);
    api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", program.crd());
    for (String collection : ClusterObjects.COLLECTIONS) {
      objects.in(collection).forEach(object -> api.restore(collection, object.deepCopy()));
    }
    FaultCluster cluster = new FaultCluster(program, rules, time, api);
    cluster.begin();
    cluster.fleetFeed.start();
    cluster.lead(Behind.NOTHING);
    return cluster;
  }

  private void begin() {
    for (String collection : CacheFeed.COLLECTIONS) {
      history.put(collection, new ArrayList<>());
      toController.put(collection, new ArrayDeque<>());
      Map<ObjectKey, StoredObject> present = new LinkedHashMap<>();
      api.objects(collection).forEach(object -> present.put(object.key(), object));
      initial.put(collection, present);
    }
  }

  /** The leader is gone at once, and another one leads when its Lease has passed. */
  void kill(Behind behind) {
    controller = Optional.empty();
    time.after(LEASE, () -> lead(behind));
  }

  /** What happens while nobody leads is another story. */
  void awaitLeader() {
    if (controller.isEmpty()) {
      run(LEASE.plus(CATCHING_UP));
    }
  }

  Optional<SimulatedController> leader() {
    return controller;
  }

  private void lead(Behind behind) {
    collect();
    toController.values().forEach(Deque::clear);
    lives++;
    Random random = new Random(lives);
    SimulatedController next =
        SimulatedController.create(
            settings,
            NAMESPACE,
            Set.of("kube-system"),
            FencedWrites.simulated(
                requests.client(),
                settings.kube().writeRate(),
                new Pauses(time.source(), length -> {}, random::nextDouble)),
            this::reached,
            event -> {},
            time.source(),
            lives);
    for (String collection : CacheFeed.COLLECTIONS) {
      List<StoredEvent> all = history.get(collection);
      int missing = collection.equals(behind.collection()) ? behind.events() : 0;
      int seen = Math.max(0, all.size() - missing);
      Map<ObjectKey, StoredObject> present = new LinkedHashMap<>(initial.get(collection));
      for (StoredEvent event : all.subList(0, seen)) {
        if (event.type() == StoredEvent.Type.DELETED) {
          present.remove(event.object().key());
        } else {
          present.put(event.object().key(), event.object());
        }
      }
      present
          .values()
          .forEach(o -> next.apply(collection, new StoredEvent(StoredEvent.Type.ADDED, o, null)));
      long then = time.nanos() + CATCHING_UP.toNanos();
      for (StoredEvent event : all.subList(seen, all.size())) {
        toController.get(collection).add(new Delivery(then, collection, event));
      }
    }
    next.cluster().filled();
    controller = Optional.of(next);
  }

  private CompletableFuture<Void> reached() {
    CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    collect();
    Delivery last = toController.get(CacheFeed.NODES).peekLast();
    long wait = last == null ? 0 : Math.max(0, last.nanos() - time.nanos());
    time.after(WatchEvents.DELAY.multipliedBy(2).plusNanos(wait), () -> caughtUp.complete(null));
    return caughtUp;
  }

  /** Lets so much time pass. */
  void run(Duration length) {
    long end = time.nanos() + length.toNanos();
    int steps = 0;
    while (true) {
      collect();
      if (deliverToFleet() || time.runDue() || deliverToController() || work()) {
        steps++;
        assertTrue(steps < STEPS_OF_ONE_MOMENT, "a hot loop: no time passes");
        continue;
      }
      steps = 0;
      long next = next();
      if (next > end) {
        time.moveTo(end);
        return;
      }
      time.moveTo(next);
    }
  }

  private boolean work() {
    try {
      return controller.isPresent() && controller.get().work();
    } catch (ControllerRequests.Killed killed) {
      kill(killed.behind());
      return true;
    }
  }

  private void collect() {
    for (Delivery each : watched.take(time.nanos())) {
      requests.rules().happened(each.collection(), each.event(), api);
      history.get(each.collection()).add(each.event());
      toFleet.add(each);
      Deque<Delivery> before = toController.get(each.collection());
      long due =
          before.isEmpty() ? each.nanos() : Math.max(each.nanos(), before.peekLast().nanos());
      before.add(new Delivery(due, each.collection(), each.event()));
    }
  }

  private boolean deliverToFleet() {
    if (toFleet.isEmpty() || toFleet.peekFirst().nanos() > time.nanos()) {
      return false;
    }
    Delivery delivery = toFleet.removeFirst();
    fleetFeed.deliver(delivery);
    return true;
  }

  private boolean deliverToController() {
    Optional<Delivery> first =
        toController.values().stream()
            .filter(deque -> !deque.isEmpty() && deque.peekFirst().nanos() <= time.nanos())
            .map(Deque::peekFirst)
            .min(Comparator.comparingLong(delivery -> delivery.event().version()));
    first.ifPresent(
        delivery -> {
          toController.get(delivery.collection()).removeFirst();
          controller.ifPresent(c -> c.apply(delivery.collection(), delivery.event()));
        });
    return first.isPresent();
  }

  private long next() {
    long next = toFleet.isEmpty() ? Long.MAX_VALUE : toFleet.peekFirst().nanos();
    for (Deque<Delivery> deque : toController.values()) {
      next = deque.isEmpty() ? next : Math.min(next, deque.peekFirst().nanos());
    }
    next = Math.min(next, time.next().orElse(Long.MAX_VALUE));
    OptionalLong key =
        controller.map(SimulatedController::nanosUntilDue).orElse(OptionalLong.empty());
    return key.isPresent() ? Math.min(next, time.nanos() + Math.max(1, key.getAsLong())) : next;
  }
}
