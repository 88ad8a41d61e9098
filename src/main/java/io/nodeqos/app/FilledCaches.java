// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.kube.cache.KubeCluster;
import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until the caches are filled, and logs from time to time which ones are not. */
final class FilledCaches {
  private static final Logger LOG = LoggerFactory.getLogger(FilledCaches.class);

  private static final Duration CHECK_PERIOD = Duration.ofMillis(100);
  private static final Duration LOG_PERIOD = Duration.ofSeconds(10);

  private final KubeCluster cluster;
  private final BooleanSupplier stopAsked;

  FilledCaches(KubeCluster cluster, BooleanSupplier stopAsked) {
    this.cluster = cluster;
    this.stopAsked = stopAsked;
  }

  /** Returns earlier when the process is asked to stop. */
  void await() throws InterruptedException {
    Deadline nextLog = Deadline.after(LOG_PERIOD);
    while (!cluster.awaitSynced(CHECK_PERIOD)) {
      if (stopAsked.getAsBoolean()) {
        return;
      }
      if (nextLog.isOver()) {
        LOG.info("Waiting for caches: {}", String.join(", ", cluster.health().waitingFor()));
        nextLog = Deadline.after(LOG_PERIOD);
      }
    }
  }
}
