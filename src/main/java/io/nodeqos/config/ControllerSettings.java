// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.history.HistorySettings;
import io.nodeqos.http.HttpSettings;
import io.nodeqos.kube.EventsSettings;
import io.nodeqos.kube.KubeSettings;
import io.nodeqos.queue.QueueSettings;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.telemetry.TelemetrySettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All settings of the controller: a record of each package's own settings. To add one, read it in
 * the class of its section; file, environment, documentation and error messages follow.
 */
public record ControllerSettings(
    HttpSettings http,
    TelemetrySettings telemetry,
    QueueSettings queue,
    ReconcileSettings reconcile,
    ElectionSettings election,
    KubeSettings kube,
    EventsSettings events,
    HistorySettings history) {

  /**
   * Reads all settings; an earlier source wins over a later one, then comes the default.
   *
   * @param flags values from the command line, by key
   * @param environment all of the environment; only {@code NODEQOS_*} is looked at
   * @param file a YAML file
   * @throws SettingsException with every mistake in any of them
   */
  public static ControllerSettings load(
      Map<String, String> flags, Map<String, String> environment, Optional<Path> file)
      throws SettingsException {
    List<Source> sources = new ArrayList<>();
    sources.add(new FlagSource(Map.copyOf(flags)));
    sources.add(EnvironmentSource.of(environment));
    file.map(FileSource::read).ifPresent(sources::add);
    SettingsReader reader = new SettingsReader(sources);
    ControllerSettings settings = read(reader);
    List<String> problems = reader.problems();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  /** Every setting there is, in the order of the sections. */
  public static List<SettingInfo> catalogue() {
    SettingsReader reader = new SettingsReader(List.of());
    read(reader);
    return reader.catalogue();
  }

  private static ControllerSettings read(SettingsReader r) {
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
        HistorySection.read(r));
  }
}
