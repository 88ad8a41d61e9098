// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.host;
import static io.nodeqos.config.SettingType.integer;

import io.nodeqos.http.HttpSettings;

/** The settings {@code http.*}. */
final class HttpSection {
  private HttpSection() {}

  static HttpSettings read(SettingsReader r) {
    HttpSettings d = HttpSettings.DEFAULTS;
    return r.section(
        "http",
        d,
        () ->
            new HttpSettings(
                r.get("http.address", host(), d.address(), "Listen address of probes and metrics."),
                r.get(
                    "http.port",
                    integer(0, 65_535),
                    d.port(),
                    "Port of probes and metrics; 0 takes a free one."),
                r.get(
                    "http.adminPort",
                    integer(0, 65_535),
                    d.adminPort(),
                    "Port of the operators' views, always on 127.0.0.1; 0 takes a free one.")));
  }
}
