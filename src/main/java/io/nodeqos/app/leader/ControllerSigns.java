// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.Leadership;
import io.nodeqos.kube.cache.CacheHealth;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.fleet.Undecided;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The signs of this process. */
public final class ControllerSigns implements LeaderSigns {
  private final Leadership leadership;
  private final WorkerPool nodes;
  private final CacheHealth caches;
  private final Supplier<Optional<Undecided.Stall>> undecided;

  public ControllerSigns(
      Leadership leadership,
      WorkerPool nodes,
      CacheHealth caches,
      Supplier<Optional<Undecided.Stall>> undecided) {
    this.leadership = leadership;
    this.nodes = nodes;
    this.caches = caches;
    this.undecided = undecided;
  }

  @Override
  public boolean leading() {
    return leadership.status().leading();
  }

  @Override
  public Duration workersStalled() {
    return nodes.stalledFor();
  }

  @Override
  public Duration cachesStale() {
    return caches.cutOffFor();
  }

  @Override
  public Duration waitingToStart() {
    return leadership.waitingToStart();
  }

  @Override
  public Optional<Undecided.Stall> undecided() {
    return undecided.get();
  }
}
