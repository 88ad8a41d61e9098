// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.annotationKey;
import static io.nodeqos.config.SettingType.choice;
import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.host;
import static io.nodeqos.config.SettingType.integer;
import static io.nodeqos.config.SettingType.namespaces;
import static io.nodeqos.config.SettingType.number;

import io.nodeqos.http.HttpSettings;
import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.ConflictRetrySettings;
import io.nodeqos.queue.QueueSettings;
import io.nodeqos.telemetry.LogSettings;
import io.nodeqos.telemetry.MetricsSettings;
import io.nodeqos.telemetry.TelemetrySettings;
import io.nodeqos.telemetry.TracingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All settings of the controller: a record of each package's own settings. To add one, read it in
 * the method of its section below; file, environment, documentation and error messages follow.
 */
public record ControllerSettings(
    HttpSettings http,
    TelemetrySettings telemetry,
    QueueSettings queue,
    ReconcileSettings reconcile,
    ApiSettings api) {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

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
    return new ControllerSettings(http(r), telemetry(r), queue(r), reconcile(r), api(r));
  }

  private static HttpSettings http(SettingsReader r) {
    HttpSettings d = HttpSettings.DEFAULTS;
    return r.section(
        "http",
        d,
        () ->
            new HttpSettings(
                r.get("http.address", host(), d.address(), "Where probes and metrics listen."),
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

  private static TelemetrySettings telemetry(SettingsReader r) {
    MetricsSettings metrics =
        new MetricsSettings(
            r.get(
                "metrics.perNode",
                choice(MetricsSettings.PerNode.class),
                MetricsSettings.DEFAULTS.perNode(),
                "Whether metrics name single nodes; auto does up to 1,000 nodes."));
    LogSettings log =
        new LogSettings(
            r.get(
                "log.format",
                choice(LogSettings.Format.class),
                LogSettings.DEFAULTS.format(),
                "How the log looks; auto is text on a terminal, else JSON."),
            r.live(
                "log.level",
                choice(LogSettings.Level.class),
                LogSettings.DEFAULTS.level(),
                "How much the controller logs; libraries log warnings only."));
    TracingSettings tracing =
        new TracingSettings(
            r.get(
                "tracing.annotationKey",
                annotationKey(),
                TracingSettings.DEFAULTS.annotationKey(),
                "The Node annotation that carries the W3C trace context."));
    return new TelemetrySettings(metrics, log, tracing);
  }

  private static QueueSettings queue(SettingsReader r) {
    int workers =
        r.get(
            "workers",
            integer(1, QueueSettings.MOST_WORKERS),
            QueueSettings.DEFAULTS.workers(),
            "How many nodes are worked on at the same time.");
    return new QueueSettings(workers, retry(r), conflictRetry(r));
  }

  private static BackoffSettings retry(SettingsReader r) {
    BackoffSettings d = BackoffSettings.DEFAULTS;
    return r.section(
        "retry",
        d,
        () ->
            new BackoffSettings(
                r.get(
                    "retry.base",
                    duration(Duration.ofMillis(1), DAY),
                    d.base(),
                    "The delay after a node's first failure; it doubles with each further one."),
                r.get(
                    "retry.max",
                    duration(Duration.ofMillis(1), DAY),
                    d.max(),
                    "The longest delay after failures."),
                r.get(
                    "retry.jitter",
                    number(0, 1),
                    d.jitter(),
                    "Each delay is lengthened by a random part of itself, up to this one.")));
  }

  private static ConflictRetrySettings conflictRetry(SettingsReader r) {
    ConflictRetrySettings d = ConflictRetrySettings.DEFAULTS;
    return r.section(
        "conflictRetry",
        d,
        () ->
            new ConflictRetrySettings(
                r.get(
                    "conflictRetry.attempts",
                    integer(0, 100),
                    d.attempts(),
                    "Tries after a conflict before the ordinary retry takes over."),
                r.get(
                    "conflictRetry.initialDelay",
                    duration(Duration.ofMillis(1), DAY),
                    d.initialDelay(),
                    "The delay before the first of them."),
                r.get(
                    "conflictRetry.factor",
                    number(1, 100),
                    d.factor(),
                    "What that delay is multiplied with each time."),
                r.get(
                    "conflictRetry.jitter",
                    number(0, 1),
                    d.jitter(),
                    "Each of these delays is lengthened by a random part, up to this one.")));
  }

  private static ReconcileSettings reconcile(SettingsReader r) {
    ReconcileSettings d = ReconcileSettings.DEFAULTS;
    return new ReconcileSettings(
        r.get(
            "reservedNamespaces",
            namespaces(),
            d.reservedNamespaces(),
            "Namespaces of system workloads, besides those with the label."),
        r.get(
            "resyncPeriod",
            duration(Duration.ofSeconds(10), DAY),
            d.resyncPeriod(),
            "Every node is looked at once in this time, though nothing happened."),
        r.get(
            "policyStatus.interval",
            duration(SECOND, HOUR),
            d.policyStatusInterval(),
            "A policy's status is written at most this often."),
        damping(r));
  }

  private static DampingSettings damping(SettingsReader r) {
    DampingSettings d = DampingSettings.DEFAULTS;
    return new DampingSettings(
        r.get(
            "damping.reservationRaise",
            duration(Duration.ZERO, DAY),
            d.reservationRaise(),
            "A write for the sake of a higher reservation comes at most this often."),
        r.get(
            "damping.reservationLower",
            duration(Duration.ZERO, DAY),
            d.reservationLower(),
            "A reservation is lowered after this long without a need for the higher one."),
        r.get(
            "damping.conditionWording",
            duration(Duration.ZERO, HOUR),
            d.conditionWording(),
            "The wording of a False condition changes at most this often."));
  }

  private static ApiSettings api(SettingsReader r) {
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
