// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The network between one process and the server: delays, losses, cuts, watches that lag. */
final class SimulatedNetwork implements LeaseRequests {

  private static final double LOSS = 0.02;
  private static final double STUCK = 0.01;
  private static final double WATCH_BREAK = 0.02;

  private final SimulatedWorld world;
  private final SimulatedProcess process;
  private final LeaseStore store;

  private LeaseStore.Listener listener;
  private LeaseStore.Watch watch;
  private boolean cut;
  private boolean watchBroken;
  private long lastDelivery;

  SimulatedNetwork(SimulatedWorld world, SimulatedProcess process) {
    this.world = world;
    this.process = process;
    this.store = Replica.store(world.server);
  }

  @Override
  public CompletableFuture<LeaseResult> send(Request request) {
    CompletableFuture<LeaseResult> reply = new CompletableFuture<>();
    world.in(
        SimulatedProcess.SETTINGS.leaseCallTimeout(),
        process,
        () -> reply.complete(new LeaseResult.Failed("timeout")));
    if (world.chance(LOSS)) {
      world.requestLost();
      return reply;
    }
    boolean isStuck = world.chance(STUCK);
    if (isStuck) {
      world.requestStuck();
    }
    // Some reach the server only after the caller has given up.
    Duration way = isStuck ? world.between(2000, 6000) : delay();
    world.in(
        way,
        () -> {
          if (isStuck) {
            world.stuckRequestArrived();
          }
          if (!cut) {
            LeaseResult result = LeaseRequests.perform(store, request);
            world.note(process + ": " + request + " -> " + result);
            if (world.chance(LOSS)) {
              world.requestLost();
            } else {
              world.in(delay(), process, () -> deliver(reply, result));
            }
          }
        });
    return reply;
  }

  private void deliver(CompletableFuture<LeaseResult> reply, LeaseResult result) {
    if (!cut) {
      reply.complete(result);
    }
  }

  private Duration delay() {
    return world.chance(0.05) ? world.between(50, 600) : world.between(1, 40);
  }

  void watch(LeaseStore.Listener listener) {
    this.listener = listener;
    watch =
        world.server.watch(
            new LeaseStore.Listener() {
              @Override
              public void changed(LeaseState state) {
                event(() -> listener.changed(state));
              }

              @Override
              public void deleted(String resourceVersion) {
                event(() -> listener.deleted(resourceVersion));
              }

              @Override
              public void alive() {}
            });
  }

  private void event(Runnable action) {
    if (cut || watchBroken) {
      return;
    }
    if (world.chance(WATCH_BREAK)) {
      watchBroken = true;
      world.in(world.between(100, 8000), this::reconnect);
      return;
    }
    lastDelivery = Math.max(lastDelivery, world.now() + world.between(1, 50).toNanos());
    world.in(Duration.ofNanos(lastDelivery - world.now()), process, action);
  }

  /** The watch begins anew, now and then at a server that lags behind. */
  private void reconnect() {
    if (cut) {
      world.in(world.between(100, 1000), this::reconnect);
      return;
    }
    watchBroken = false;
    List<LeaseState> history = world.server.history();
    if (world.chance(0.3)) {
      int back = world.random.nextInt(Math.min(20, history.size())) + 1;
      LeaseState stale = history.get(history.size() - back);
      world.in(world.between(1, 20), process, () -> listener.changed(stale));
    }
    LeaseState present = world.server.present();
    if (present != null) {
      world.in(world.between(20, 50), process, () -> listener.changed(present));
    }
  }

  void cut() {
    cut = true;
    if (!watchBroken) {
      watchBroken = true;
      world.in(world.between(100, 1000), this::reconnect);
    }
  }

  boolean isCut() {
    return cut;
  }

  void heal() {
    cut = false;
  }

  boolean isWatching() {
    return !cut && !watchBroken;
  }

  void close() {
    watch.close();
  }
}
