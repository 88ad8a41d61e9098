// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.election.Leadership;
import io.nodeqos.http.Checks;
import io.nodeqos.kube.cache.CacheHealth;
import io.nodeqos.kube.lease.LeaseRefusals;
import io.nodeqos.reconcile.fleet.Undecided;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The checks of {@code /readyz}. A replica is not ready before its caches are filled, and when it
 * is or should be the leader and cannot work. Safe for many threads.
 */
public final class ReadyChecks {
  /** A new leader's caches reach the API server's version in a fraction of this. */
  private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(5);

  private final CacheHealth caches;
  private final Leadership leadership;
  private final LeaseRefusals refusals;
  private final Supplier<Optional<Undecided.Stall>> undecided;
  private final Duration noProgressLimit;
  private final BooleanSupplier running;

  /**
   * @param undecided nodes that wait while no reconcile comes to a decision
   * @param noProgressLimit how long a leader may go without a decision
   * @param running false before all is started, and after a stop was requested
   */
  public ReadyChecks(
      CacheHealth caches,
      Leadership leadership,
      LeaseRefusals refusals,
      Supplier<Optional<Undecided.Stall>> undecided,
      Duration noProgressLimit,
      BooleanSupplier running) {
    this.caches = caches;
    this.leadership = leadership;
    this.refusals = refusals;
    this.undecided = undecided;
    this.noProgressLimit = noProgressLimit;
    this.running = running;
  }

  public Checks checks() {
    Checks ready = new Checks("readyz");
    ready.add("caches", () -> running.getAsBoolean() ? cachesBehind() : Optional.of(waitingFor()));
    ready.add("decisions", this::undecidedTooLong);
    ready.add("lease", refusals::lasting);
    return ready;
  }

  private String waitingFor() {
    List<String> unfilled = caches.waitingFor();
    return unfilled.isEmpty() ? "not started yet" : "waiting for " + String.join(", ", unfilled);
  }

  /** As for a leader that steps down for it; the next one may have the same problem. */
  private Optional<String> cachesBehind() {
    return Optional.of(leadership.waitingToStart())
        .filter(waiting -> waiting.compareTo(CATCH_UP_LIMIT) > 0)
        .map(
            waiting ->
                "it holds the Lease and has waited for "
                    + waiting.toSeconds()
                    + " s for caches that are behind the API server: "
                    + String.join(", ", caches.behind()));
  }

  private Optional<String> undecidedTooLong() {
    return undecided
        .get()
        .filter(stall -> stall.lasting().compareTo(noProgressLimit) > 0)
        .map(Undecided.Stall::clause);
  }
}
