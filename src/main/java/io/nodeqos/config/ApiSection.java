// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.integer;
import static io.nodeqos.config.SettingType.number;

/** The settings {@code api.*}. */
final class ApiSection {
  private ApiSection() {}

  static ApiSettings read(SettingsReader r) {
    ApiSettings d = ApiSettings.DEFAULTS;
    return new ApiSettings(
        r.get(
            "api.writesPerSecond",
            number(0.1, 100_000),
            d.writesPerSecond(),
            "The most writes a second; the server may ask for less."),
        r.get(
            "api.burst",
            integer(1, 100_000),
            d.burst(),
            "The most writes at once after a calm time."));
  }
}
