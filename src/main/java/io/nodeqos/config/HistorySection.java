// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.directory;
import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.flag;
import static io.nodeqos.config.SettingType.size;

import io.nodeqos.history.HistorySettings;
import java.time.Duration;

/** The settings {@code history.*}. */
final class HistorySection {
  private HistorySection() {}

  static HistorySettings read(SettingsReader r) {
    HistorySettings d = HistorySettings.DEFAULTS;
    return new HistorySettings(
        r.get(
            "history.enabled",
            flag(),
            d.enabled(),
            "Whether transitions of nodes are kept, for /history."),
        r.get(
            "history.directory",
            directory(),
            d.directory(),
            "Directory of the history, used by one process only; in memory it ends with the process."),
        r.get(
            "history.maxAge",
            duration(Duration.ofMinutes(1), Duration.ofHours(24 * 366)),
            d.maxAge(),
            "Older transitions are deleted."),
        r.get(
            "history.maxSize",
            size(4L << 20, 4L << 30),
            d.maxBytes(),
            "The largest size of its file; beyond it the oldest transitions are deleted."));
  }
}
