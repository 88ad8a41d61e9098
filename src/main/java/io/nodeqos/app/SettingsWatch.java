// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.telemetry.metrics.SettingsMetrics;

/**
 * Checks the settings every few seconds. Not by file system events: a ConfigMap is mounted as a
 * link to a link, and changes by a rename of the link in between.
 */
final class SettingsWatch {
  private final LiveSettings settings;
  private final SettingsMetrics metrics;

  SettingsWatch(LiveSettings settings, SettingsMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  void measure() {
    metrics.state(() -> !settings.refused().isEmpty(), () -> settings.waitForRestart().size());
  }

  void look() {
    LiveSettings.Check check = settings.check();
    if (check != LiveSettings.Check.UNCHANGED) {
      metrics.reloaded(check == LiveSettings.Check.APPLIED);
    }
  }
}
