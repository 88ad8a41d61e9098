// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Metrics of which every one was used, so that every family has a series. */
final class UsedMetrics {
  private UsedMetrics() {}

  static Metrics once(Metrics metrics) {
    WorkQueueMetrics queue = metrics.workQueue("nodes");
    queue.added();
    queue.retried();
    queue.handlerThrew();
    queue.handedOut(1_000_000);
    queue.finished(2_000_000);
    queue.observe(() -> 3, () -> 1.5, () -> 1);
    queue.observeFailing(() -> 40);
    queue.observeThreads(() -> 32, () -> 2);
    metrics.sync().synced("n1", "storage", "written", 5_000_000);
    metrics.sync().conflict();
    metrics.sync().conflictRetry();
    metrics.qosWorkers().health(() -> Map.of("zum", true, "image", false));
    metrics.qosWorkers().worked("zum", true, 1_000, 500_000_000);
    metrics.policies().byValidity(() -> Map.of("true", 2, "false", 1));
    metrics.policies().braked(() -> 2);
    metrics.policies().frozen(() -> Map.of("base", 3));
    metrics.nodes().fleet(() -> 7);
    metrics.nodes().orphanTaints(() -> 1);
    metrics.nodes().damped(() -> 1);
    metrics.nodes().phases(() -> Map.of("warm", 4));
    metrics.nodes().frozen(() -> Map.of("warm", 3));
    metrics.nodes().waiting(() -> Map.of("ImagesMissing", 3));
    metrics.nodes().imagePulls(() -> Map.of("pulling", 10, "waiting", 4));
    metrics.nodes().configVersions(() -> Map.of("0123456789", 6));
    metrics
        .nodes()
        .oldestWaiting(() -> Optional.of(new NodeMetrics.Waiting("n1", "ImagesMissing", 12)));
    metrics.nodes().warmedUp(31);
    metrics.nodes().warmUpWrites(1, 2);
    metrics.restClient().answered(409, "PATCH", "10.0.0.1:443", 2_000_000, false);
    metrics.restClient().answered(429, "PATCH", "10.0.0.1:443", 2_000_000, true);
    metrics.restClient().unanswered("GET", "10.0.0.1:443", 2_000_000);
    metrics.restClient().rateLimited("PATCH", "10.0.0.1:443", 20_000_000);
    metrics.restClient().writeLimit(() -> 250);
    metrics.election().leading("node-qos-controller", () -> true);
    metrics.election().tookOver(0.2);
    metrics.election().steppedDown("decisions");
    metrics.nodes().undecided(() -> 31);
    metrics.nodes().frozen(() -> Map.of("warm", 3));
    metrics.policies().frozen(() -> Map.of("gold", 3));
    metrics.informers().watch("nodes", () -> 9);
    metrics.informers().relisted("nodes");
    metrics.events().published("WARMUP_DONE");
    metrics.events().dropped("history");
    metrics.events().kubernetesDropped("forbidden", 2);
    metrics.events().kubernetesWriteFailed("forbidden");
    metrics.settings().reloaded(true);
    metrics.settings().state(() -> true, () -> 2);
    metrics.rollouts().entered("RolledBack");
    metrics
        .rollouts()
        .present(
            () ->
                List.of(
                    new RolloutMetrics.Rollout(
                        "gold", "RolledBack", "TooManyFailed", 2, 0, Map.of("failed", 3))));
    metrics.history().of(() -> 8, () -> 4096, () -> false);
    return metrics;
  }
}
