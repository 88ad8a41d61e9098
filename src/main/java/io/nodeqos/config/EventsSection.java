// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.flag;
import static io.nodeqos.config.SettingType.integer;

import io.nodeqos.kube.events.EventsSettings;

/** The settings {@code events.*}. */
final class EventsSection {
  private EventsSection() {}

  static EventsSettings read(SettingsReader r) {
    EventsSettings d = EventsSettings.DEFAULTS;
    return new EventsSettings(
        r.get(
            "events.enabled",
            flag(),
            d.enabled(),
            "Whether the controller writes Kubernetes Events about Nodes and policies."),
        r.live(
            "events.rate",
            integer(1, 1_000),
            d.rate(),
            "The most writes of Events a second, apart from other writes; further Events wait or are"
                + " dropped."),
        r.live(
            "events.burst",
            integer(1, 10_000),
            d.burst(),
            "The most writes of Events at once after a pause."));
  }
}
