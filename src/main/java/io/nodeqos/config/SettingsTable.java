// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.List;

/** The catalogue of settings as text. */
public final class SettingsTable {
  private SettingsTable() {}

  /** A Markdown table, for the page of settings. */
  public static String markdown(List<SettingInfo> settings) {
    StringBuilder table = new StringBuilder();
    table.append("| key | default | must be | live | meaning |\n");
    table.append("|---|---|---|---|---|\n");
    for (SettingInfo setting : settings) {
      table.append(
          "| `%s` | `%s` | %s | %s | %s |%n"
              .replace("%n", "\n")
              .formatted(
                  setting.key(),
                  setting.defaultValue(),
                  setting.allowed(),
                  setting.live() ? "yes" : "",
                  setting.doc()));
    }
    return table.toString();
  }
}
