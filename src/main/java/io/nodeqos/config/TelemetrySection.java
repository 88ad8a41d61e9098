// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.choice;

import io.nodeqos.telemetry.TelemetrySettings;
import io.nodeqos.telemetry.logging.LogSettings;
import io.nodeqos.telemetry.metrics.MetricsSettings;

/** The settings {@code metrics.*} and {@code log.*}. */
final class TelemetrySection {
  private TelemetrySection() {}

  static TelemetrySettings read(SettingsReader r) {
    MetricsSettings metrics =
        new MetricsSettings(
            r.get(
                "metrics.perNode",
                choice(MetricsSettings.PerNode.class),
                MetricsSettings.DEFAULTS.perNode(),
                "Whether qos_sync_total names each node; auto does up to 1,000 nodes."));
    LogSettings log =
        new LogSettings(
            r.get(
                "log.format",
                choice(LogSettings.Format.class),
                LogSettings.DEFAULTS.format(),
                "Format of the log; auto is text on a terminal, else JSON."),
            r.live(
                "log.level",
                choice(LogSettings.Level.class),
                LogSettings.DEFAULTS.level(),
                "Log level of the controller; libraries log warnings only."));
    return new TelemetrySettings(metrics, log);
  }
}
