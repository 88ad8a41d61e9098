// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.config.SettingsException;
import io.nodeqos.config.SettingsLoader;
import java.util.List;
import java.util.Map;

/** Settings by name. */
final class LifeSettings {
  private static final Map<String, String> ALL =
      Map.of(
          "default", "",
          "short", "resyncPeriod: 30s\npolicyStatus.interval: 1s\n",
          "no brake", "brake.maxWarmNodesLost: 100%\nbrake.settle: 0s\n",
          "strict brake", "brake.maxWarmNodesLost: 0%\n",
          "one pull", "spinner.maxConcurrentPulls: 1\n",
          "koordinator", "koordinator.publishReservation: true\n");

  /** Times for which the controller remembers: shorter than the quiet at the end of a life. */
  private static final String SHORT = "brake.window: 5m\ndamping.reservationLower: 2m\n";

  static final List<String> NAMES = ALL.keySet().stream().sorted().toList();

  private LifeSettings() {}

  static ControllerSettings named(String name) {
    try {
      return SettingsLoader.load(name, SHORT + ALL.get(name)).settings();
    } catch (SettingsException e) {
      throw new AssertionError(e);
    }
  }
}
