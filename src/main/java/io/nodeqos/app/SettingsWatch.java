// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.telemetry.metrics.SettingsMetrics;
import io.nodeqos.thread.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the settings every few seconds. Not by file system events: a ConfigMap is mounted as a
 * link to a link, and changes by a rename of what is between them.
 */
final class SettingsWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);

  private final LiveSettings settings;
  private final SettingsMetrics metrics;
  private final ScheduledExecutorService timer;

  private SettingsWatch(
      LiveSettings settings, SettingsMetrics metrics, ScheduledExecutorService timer) {
    this.settings = settings;
    this.metrics = metrics;
    this.timer = timer;
  }

  static SettingsWatch start(LiveSettings settings, SettingsMetrics metrics, Duration period) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("settings"));
    SettingsWatch watch = new SettingsWatch(settings, metrics, timer);
    metrics.state(() -> !settings.refused().isEmpty(), () -> settings.waitForRestart().size());
    timer.scheduleWithFixedDelay(
        watch::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    try {
      LiveSettings.Check check = settings.check();
      if (check != LiveSettings.Check.UNCHANGED) {
        metrics.reloaded(check == LiveSettings.Check.APPLIED);
      }
    } catch (RuntimeException defect) {
      LOG.error("the settings could not be looked at", defect);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
