// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

import io.nodeqos.telemetry.logging.LogSettings;
import io.nodeqos.telemetry.metrics.MetricsSettings;

/** Settings of metrics and log. */
public record TelemetrySettings(MetricsSettings metrics, LogSettings log) {

  public static final TelemetrySettings DEFAULTS =
      new TelemetrySettings(MetricsSettings.DEFAULTS, LogSettings.DEFAULTS);
}
