// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.nodeqos.telemetry.metrics.TraceMetrics;
import io.nodeqos.time.TimeSource;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.ServiceInstanceIdResourceProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets tracing up by the standard variables {@code OTEL_*} and the system properties that go with
 * them. It is off unless one of them names an endpoint: without one, the SDK would send to
 * localhost.
 */
public final class TracingSetup {
  private static final Logger LOG = LoggerFactory.getLogger(TracingSetup.class);

  private static final List<String> ENDPOINTS =
      List.of("otel.exporter.otlp.traces.endpoint", "otel.exporter.otlp.endpoint");
  private static final String RESOURCE = "otel.resource.attributes";
  private static final String SERVICE = "node-qos-controller";

  /**
   * Prometheus scrapes the metrics, the log goes to stderr, the instance is the pod's uid, a start
   * with thousands of nodes is one burst of spans, and the unsent spans of a killed process are
   * lost, also those of the last warm-ups.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.metrics.exporter",
          "none",
          "otel.logs.exporter",
          "none",
          "otel.java.disabled.resource.providers",
          ServiceInstanceIdResourceProvider.class.getName(),
          "otel.bsp.max.queue.size",
          "8192",
          "otel.bsp.schedule.delay",
          "1000");

  private static final Duration STOP_LIMIT = Duration.ofSeconds(4);

  private final Map<String, String> environment;
  private final TraceMetrics metrics;

  /**
   * @param environment the variables of this process, which the SDK reads by itself as well
   */
  public TracingSetup(Map<String, String> environment, TraceMetrics metrics) {
    this.environment = environment;
    this.metrics = metrics;
  }

  /**
   * Starts tracing if it is configured. Invalid variables disable it, with a line in the log: they
   * never keep the controller from its work.
   */
  public Tracing start(TraceInstance instance) {
    Optional<String> endpoint = endpoint();
    if (endpoint.isEmpty()) {
      return Tracing.off();
    }
    SdkLog log = SdkLog.install(TimeSource.system());
    try {
      Tracing tracing = start(instance, endpoint.get(), log);
      LOG.info("Tracing enabled: endpoint={}", endpoint.get());
      return tracing;
    } catch (ConfigurationException e) {
      log.close();
      LOG.warn("Tracing disabled: invalid OTEL_* configuration: {}", reason(e));
      return Tracing.off();
    }
  }

  private Optional<String> endpoint() {
    return ENDPOINTS.stream()
        .flatMap(name -> setting(name).stream())
        .filter(value -> !isOff())
        .findFirst();
  }

  private boolean isOff() {
    return setting("otel.sdk.disabled").filter(Boolean::parseBoolean).isPresent()
        || setting("otel.traces.exporter").filter("none"::equals).isPresent();
  }

  private Optional<String> setting(String name) {
    String variable = name.replace('.', '_').toUpperCase(Locale.ROOT);
    return Optional.ofNullable(System.getProperty(name, environment.get(variable)))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  private Tracing start(TraceInstance instance, String endpoint, SdkLog log) {
    DerivedIds ids = new DerivedIds();
    QueueDrops queue = new QueueDrops();
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(() -> DEFAULTS)
            .addPropertiesCustomizer(config -> named(config, instance))
            .addTracerProviderCustomizer((provider, config) -> provider.setIdGenerator(ids))
            .addMeterProviderCustomizer((provider, config) -> provider.registerMetricReader(queue))
            .addSpanExporterCustomizer((exporter, config) -> reported(exporter, endpoint, queue))
            .build()
            .getOpenTelemetrySdk();
    return new Tracing(
        sdk.getTracer(Tracing.SCOPE), ids, TimeSource.system(), () -> stop(sdk, log, endpoint));
  }

  private SpanExporter reported(SpanExporter exporter, String endpoint, QueueDrops queue) {
    ReportedExporter reported = new ReportedExporter(exporter, endpoint);
    metrics.dropped(() -> queue.count() + reported.lost());
    return reported;
  }

  /**
   * The names of the process, as a resource attribute each; values in OTEL_SERVICE_NAME and
   * OTEL_RESOURCE_ATTRIBUTES win.
   */
  private static Map<String, String> named(ConfigProperties config, TraceInstance instance) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("service.name", config.getString("otel.service.name", SERVICE));
    names.put("service.instance.id", instance.uid());
    names.put("service.version", instance.version());
    names.put("k8s.pod.name", instance.pod());
    names.put("k8s.namespace.name", instance.namespace());
    names.putAll(config.getMap(RESOURCE));
    return Map.of(
        RESOURCE,
        names.entrySet().stream()
            .map(name -> name.getKey() + "=" + name.getValue())
            .collect(Collectors.joining(",")));
  }

  private static void stop(OpenTelemetrySdk sdk, SdkLog log, String endpoint) {
    CompletableResultCode stopped = sdk.shutdown();
    stopped.join(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (!stopped.isDone()) {
      LOG.info("Last spans not delivered in time to {}", endpoint);
    }
    log.close();
  }

  private static String reason(Throwable e) {
    return e.getCause() == null ? e.getMessage() : e.getMessage() + ": " + e.getCause();
  }
}
