// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.http.Checks;
import io.nodeqos.reconcile.fleet.Undecided;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code /livez} and {@code /readyz} say. A replica is not live when a loop has not tried for
 * a minute, never because the API server is away; it is not ready before its caches are filled, and
 * when it leads or should lead and cannot work. Safe for many threads.
 */
final class Probes {
  private static final Duration LOOP_LIMIT = Duration.ofSeconds(60);

  /** A new leader's caches reach the API server's version in a fraction of this. */
  private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(5);

  private final Parts parts;
  private final Duration noProgressLimit;
  private volatile boolean started;

  /**
   * @param noProgressLimit how long a leader may come to no decision
   */
  Probes(Parts parts, Duration noProgressLimit) {
    this.parts = parts;
    this.noProgressLimit = noProgressLimit;
  }

  /** Everything runs, or nothing does any more. */
  void started(boolean now) {
    started = now;
  }

  Checks live() {
    Checks live = new Checks("livez");
    live.add("caches", () -> stuck(parts.cluster().stuck()));
    live.add("workers", () -> tooLong("no worker has tried", parts.work().nodes().stalledFor()));
    live.add("election", () -> tooLong("the election has not tried", electionIdle()));
    return live;
  }

  Checks ready() {
    Checks ready = new Checks("readyz");
    ready.add("caches", () -> started ? cachesBehind() : Optional.of(waitingFor()));
    ready.add("decisions", this::undecidedTooLong);
    ready.add("lease", parts.base().leaseRefusals()::lasting);
    return ready;
  }

  private String waitingFor() {
    List<String> caches = parts.cluster().waitingFor();
    return caches.isEmpty() ? "not started yet" : "waiting for " + String.join(", ", caches);
  }

  /** As for a leader that steps down for it; the next one may fare no better. */
  private Optional<String> cachesBehind() {
    return Optional.of(parts.leadership().waitingToStart())
        .filter(waiting -> waiting.compareTo(CATCH_UP_LIMIT) > 0)
        .map(
            waiting ->
                "it holds the Lease and has waited for "
                    + waiting.toSeconds()
                    + " s for caches that are behind the API server: "
                    + String.join(", ", parts.cluster().behind()));
  }

  private Optional<String> undecidedTooLong() {
    return parts
        .fleet()
        .undecided()
        .stall(parts.fleet().size(), parts.time().nanos())
        .filter(stall -> stall.lasting().compareTo(noProgressLimit) > 0)
        .map(Undecided.Stall::clause);
  }

  private Duration electionIdle() {
    return started ? parts.leadership().sinceLastAttempt() : Duration.ZERO;
  }

  private static Optional<String> stuck(List<String> caches) {
    return caches.isEmpty()
        ? Optional.empty()
        : Optional.of("not trying any more: " + String.join(", ", caches));
  }

  private static Optional<String> tooLong(String what, Duration idle) {
    return idle.compareTo(LOOP_LIMIT) > 0
        ? Optional.of(what + " for " + idle.toSeconds() + " s")
        : Optional.empty();
  }
}
