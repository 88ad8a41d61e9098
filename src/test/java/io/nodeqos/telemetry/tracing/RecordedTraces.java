// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.nodeqos.time.TimeSource;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tracing of one process into memory. */
public final class RecordedTraces {
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final Tracing tracing;

  public RecordedTraces(TimeSource time) {
    this(time, Sampler.parentBased(Sampler.alwaysOn()));
  }

  public RecordedTraces(TimeSource time, Sampler sampler) {
    DerivedIds ids = new DerivedIds();
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setIdGenerator(ids)
            .setSampler(sampler)
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    tracing = new Tracing(provider.get(Tracing.SCOPE), ids, time, provider::close);
  }

  public Tracing tracing() {
    return tracing;
  }

  /** In the order in which they ended. */
  public List<SpanData> spans() {
    return exporter.getFinishedSpanItems();
  }

  public List<SpanData> named(String name) {
    return spans().stream().filter(s -> s.getName().equals(name)).toList();
  }

  /** The only one of this name. */
  public SpanData only(String name) {
    List<SpanData> spans = named(name);
    if (spans.size() != 1) {
      throw new AssertionError(
          spans.size()
              + " spans \""
              + name
              + "\" among "
              + spans().stream().map(SpanData::getName).toList());
    }
    return spans.get(0);
  }

  public List<SpanData> childrenOf(SpanData parent) {
    return spans().stream()
        .filter(
            s ->
                s.getTraceId().equals(parent.getTraceId())
                    && s.getParentSpanId().equals(parent.getSpanId()))
        .toList();
  }

  public void forget() {
    exporter.reset();
  }

  public static boolean links(SpanData from, SpanData to) {
    return from.getLinks().stream()
        .map(LinkData::getSpanContext)
        .anyMatch(
            c -> c.getTraceId().equals(to.getTraceId()) && c.getSpanId().equals(to.getSpanId()));
  }

  /** Attributes as texts, by name. */
  public static Map<String, String> attributes(SpanData span) {
    Map<String, String> all = new TreeMap<>();
    span.getAttributes().forEach((key, value) -> all.put(key.getKey(), value.toString()));
    return all;
  }
}
