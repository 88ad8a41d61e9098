// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.existingDirectory;

import io.nodeqos.qos.PluginSettings;
import java.time.Duration;

/** The settings {@code plugins.*}. */
final class PluginsSection {
  private PluginsSection() {}

  static PluginSettings read(SettingsReader r) {
    PluginSettings d = PluginSettings.DEFAULTS;
    return new PluginSettings(
        r.get(
            "plugins.directory",
            existingDirectory(),
            d.directory(),
            "Directory of plug-ins: each jar has QoS workers; read at the start."),
        r.get(
            "plugins.deadline",
            duration(Duration.ofMillis(10), Duration.ofSeconds(10)),
            d.deadline(),
            "Timeout of one call of a plug-in's worker."));
  }
}
