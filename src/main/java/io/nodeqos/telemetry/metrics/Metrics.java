// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * All metrics of one process, in a registry of its own, so that two controllers (or tests) in one
 * JVM do not mix. Safe for use by many threads.
 */
public final class Metrics {
  private final CollectorRegistry registry;
  private final SyncMetrics sync;
  private final WorkQueueMetrics.Families workQueues = new WorkQueueMetrics.Families();
  private final QosWorkerMetrics qosWorkers = new QosWorkerMetrics();
  private final NodeMetrics nodes = new NodeMetrics();
  private final PolicyMetrics policies = new PolicyMetrics();
  private final RestClientMetrics restClient = new RestClientMetrics();
  private final ElectionMetrics election = new ElectionMetrics();
  private final InformerMetrics informers = new InformerMetrics();
  private final EventMetrics events = new EventMetrics();
  private final HistoryMetrics history = new HistoryMetrics();
  private final TraceMetrics traces = new TraceMetrics();
  private final RolloutMetrics rollouts = new RolloutMetrics();
  private final SettingsMetrics settings = new SettingsMetrics();

  private Metrics(CollectorRegistry registry, MetricsSettings settings) {
    this.registry = registry;
    this.sync = new SyncMetrics(settings);
  }

  /** Registers the controller's metrics in a new registry, without those of the JVM. */
  public static Metrics create(MetricsSettings settings) {
    return create(new CollectorRegistry(true), settings);
  }

  /** Registers the controller's metrics in the given registry. */
  public static Metrics create(CollectorRegistry registry, MetricsSettings settings) {
    Metrics metrics = new Metrics(registry, settings);
    metrics.sync.register(registry);
    metrics.workQueues.register(registry);
    metrics.qosWorkers.register(registry);
    metrics.nodes.register(registry);
    metrics.policies.register(registry);
    metrics.restClient.register(registry);
    metrics.election.register(registry);
    metrics.informers.register(registry);
    metrics.events.register(registry);
    metrics.history.register(registry);
    metrics.traces.register(registry);
    metrics.settings.register(registry);
    metrics.rollouts.register(registry);
    return metrics;
  }

  /**
   * Adds memory, collections and threads of the JVM, CPU time and files of the process. Call at
   * most once.
   */
  public Metrics withJvm() {
    JvmMetrics.register(registry);
    return this;
  }

  /** The metrics of the work queue of this name. */
  public WorkQueueMetrics workQueue(String name) {
    return new WorkQueueMetrics(workQueues, name);
  }

  public SyncMetrics sync() {
    return sync;
  }

  public QosWorkerMetrics qosWorkers() {
    return qosWorkers;
  }

  public NodeMetrics nodes() {
    return nodes;
  }

  public PolicyMetrics policies() {
    return policies;
  }

  public RestClientMetrics restClient() {
    return restClient;
  }

  public ElectionMetrics election() {
    return election;
  }

  public InformerMetrics informers() {
    return informers;
  }

  public EventMetrics events() {
    return events;
  }

  public HistoryMetrics history() {
    return history;
  }

  public TraceMetrics traces() {
    return traces;
  }

  public RolloutMetrics rollouts() {
    return rollouts;
  }

  public SettingsMetrics settings() {
    return settings;
  }

  /**
   * Everything as text, in the format the scraper asked for.
   *
   * @param accept the request's Accept header, or null; chooses OpenMetrics 1.0.0 or text 0.0.4
   */
  public Scrape scrape(String accept) {
    String contentType = TextFormat.chooseContentType(accept);
    StringWriter text = new StringWriter();
    try {
      TextFormat.writeFormat(contentType, text, Collections.enumeration(families()));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new Scrape(contentType, text.toString());
  }

  /**
   * Sorted by name for human readers, and without the start times of series: no reader needs them,
   * and each counter would have one.
   */
  private List<MetricFamilySamples> families() {
    return Collections.list(registry.metricFamilySamples()).stream()
        .sorted(Comparator.comparing(family -> family.name))
        .map(
            family ->
                new MetricFamilySamples(
                    family.name,
                    family.unit,
                    family.type,
                    family.help,
                    family.samples.stream().filter(s -> !s.name.endsWith("_created")).toList()))
        .toList();
  }

  /** A reply to a scraper; the text is to be sent as UTF-8. */
  public record Scrape(String contentType, String text) {
    public byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
