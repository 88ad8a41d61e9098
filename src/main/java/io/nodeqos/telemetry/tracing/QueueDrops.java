// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.Set;

/**
 * How many spans the batch processor dropped because its queue was full. The SDK reports it only by
 * a metric of its own, under one of two names.
 */
final class QueueDrops implements MetricReader {
  private static final Set<String> NAMES =
      Set.of("processedSpans", "otel.sdk.processor.span.processed");
  private static final AttributeKey<Boolean> DROPPED = AttributeKey.booleanKey("dropped");

  private volatile CollectionRegistration metrics = CollectionRegistration.noop();

  long count() {
    return metrics.collectAllMetrics().stream()
        .filter(metric -> NAMES.contains(metric.getName()))
        .mapToLong(QueueDrops::dropped)
        .sum();
  }

  private static long dropped(MetricData metric) {
    return metric.getLongSumData().getPoints().stream()
        .filter(point -> isDrop(point.getAttributes()))
        .mapToLong(LongPointData::getValue)
        .sum();
  }

  private static boolean isDrop(Attributes attributes) {
    return Boolean.TRUE.equals(attributes.get(DROPPED))
        || attributes.get(TraceKeys.ERROR_TYPE) != null;
  }

  @Override
  public void register(CollectionRegistration registration) {
    metrics = registration;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return AggregationTemporality.CUMULATIVE;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
