// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.flag;
import static io.nodeqos.config.SettingType.text;

import io.nodeqos.election.ElectionSettings;
import java.time.Duration;

/** The settings {@code leaderElection.*}. */
final class ElectionSection {
  private ElectionSection() {}

  static ElectionSettings read(SettingsReader r) {
    ElectionSettings d = ElectionSettings.defaults();
    SettingType<Duration> time = duration(Duration.ofMillis(100), Duration.ofHours(1));
    return r.section(
        () ->
            new ElectionSettings(
                r.get(
                    "leaderElection.enabled",
                    flag(),
                    d.enabled(),
                    "Whether replicas elect a leader; if false, run one replica only."),
                r.get(
                    "leaderElection.leaseName",
                    text("the name of a Lease (a DNS subdomain)"),
                    d.leaseName(),
                    "The Lease in the controller's namespace."),
                r.get(
                    "leaderElection.leaseDuration",
                    time,
                    d.leaseDuration(),
                    "How long other replicas wait before they take a Lease that is not renewed; whole seconds."),
                r.get(
                    "leaderElection.renewDeadline",
                    time,
                    d.renewDeadline(),
                    "A leader that could not renew for so long gives up leadership."),
                r.get(
                    "leaderElection.retryPeriod",
                    time,
                    d.retryPeriod(),
                    "How often the leader renews.")),
        ElectionSettings::problems);
  }
}
