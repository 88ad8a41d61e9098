// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.history.HistorySettings;
import io.nodeqos.http.HttpSettings;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.events.EventsSettings;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.queue.QueueSettings;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.telemetry.TelemetrySettings;
import java.util.List;

/**
 * All settings of the controller: a record of each package's own settings. To add one, read it in
 * the class of its section; file, environment, documentation and error messages include it then.
 *
 * <p>An edit of a setting that is read with {@code SettingsReader.live} takes effect at once only
 * if the class that uses it takes a {@code Supplier} and calls it each time, or {@code
 * SettingsFollowers} passes each change on. A value that is passed at the start never changes.
 */
public record ControllerSettings(
    HttpSettings http,
    TelemetrySettings telemetry,
    QueueSettings queue,
    ReconcileSettings reconcile,
    ElectionSettings election,
    KubeSettings kube,
    EventsSettings events,
    PluginSettings plugins,
    SpinnerSettings spinner,
    HistorySettings history) {

  /** Every setting there is, in the order of the sections. */
  public static List<SettingInfo> catalogue() {
    SettingsReader reader = new SettingsReader(List.of());
    read(reader);
    return reader.catalogue();
  }

  static ControllerSettings read(SettingsReader r) {
    HttpSettings http = HttpSection.read(r);
    TelemetrySettings telemetry = TelemetrySection.read(r);
    QueueSettings queue = QueueSection.read(r);
    ReconcileSettings reconcile = ReconcileSection.read(r);
    return new ControllerSettings(
        http,
        telemetry,
        queue,
        reconcile,
        ElectionSection.read(r),
        KubeSection.read(r).withAnnotation(reconcile.traceparentKey()),
        EventsSection.read(r),
        PluginsSection.read(r),
        SpinnerSection.read(r),
        HistorySection.read(r));
  }
}
