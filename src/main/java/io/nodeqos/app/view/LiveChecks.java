// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.election.Leadership;
import io.nodeqos.http.Checks;
import io.nodeqos.kube.cache.CacheHealth;
import io.nodeqos.queue.WorkerPool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The checks of {@code /livez}. A replica is not live when a loop has made no attempt for a minute,
 * but never because the API server is unavailable. Safe for many threads.
 */
public final class LiveChecks {
  private static final Duration LOOP_LIMIT = Duration.ofSeconds(60);

  private final CacheHealth caches;
  private final WorkerPool nodes;
  private final Leadership leadership;
  private final BooleanSupplier running;

  /**
   * @param running false before all is started, and after a stop was requested
   */
  public LiveChecks(
      CacheHealth caches, WorkerPool nodes, Leadership leadership, BooleanSupplier running) {
    this.caches = caches;
    this.nodes = nodes;
    this.leadership = leadership;
    this.running = running;
  }

  public Checks checks() {
    Checks live = new Checks("livez");
    live.add("caches", () -> stuck(caches.stuck()));
    live.add("workers", () -> tooLong("no worker made an attempt", nodes.stalledFor()));
    live.add("election", () -> tooLong("the election made no attempt", electionIdle()));
    return live;
  }

  private Duration electionIdle() {
    return running.getAsBoolean() ? leadership.sinceLastAttempt() : Duration.ZERO;
  }

  private static Optional<String> stuck(List<String> caches) {
    return caches.isEmpty()
        ? Optional.empty()
        : Optional.of("no longer retrying: " + String.join(", ", caches));
  }

  private static Optional<String> tooLong(String what, Duration idle) {
    return idle.compareTo(LOOP_LIMIT) > 0
        ? Optional.of(what + " for " + idle.toSeconds() + " s")
        : Optional.empty();
  }
}
