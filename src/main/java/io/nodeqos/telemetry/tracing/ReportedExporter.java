// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once that the collector cannot be reached, and once that it can be reached again; counts the
 * spans lost in between.
 */
final class ReportedExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(ReportedExporter.class);

  private final SpanExporter exporter;
  private final String endpoint;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final AtomicLong lost = new AtomicLong();

  ReportedExporter(SpanExporter exporter, String endpoint) {
    this.exporter = exporter;
    this.endpoint = endpoint;
  }

  /** How many spans were handed over and not accepted. */
  long lost() {
    return lost.get();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    // The collection is emptied by its owner once the export has taken too long.
    int number = spans.size();
    CompletableResultCode result = exporter.export(spans);
    result.whenComplete(() -> exported(result, number));
    return result;
  }

  private void exported(CompletableResultCode result, int number) {
    if (result.isSuccess()) {
      if (failing.compareAndSet(true, false)) {
        LOG.info("Traces delivered again to {}", endpoint);
      }
      return;
    }
    lost.addAndGet(number);
    if (failing.compareAndSet(false, true)) {
      LOG.warn(
          "Traces not delivered to {}, dropping them until it accepts them again: {}",
          endpoint,
          reason(result.getFailureThrowable()));
    }
  }

  private static String reason(Throwable failure) {
    if (failure == null || failure.getCause() == null) {
      return "the collector answers with an error";
    }
    Throwable root = failure.getCause();
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  @Override
  public String toString() {
    return "ReportedExporter{" + exporter + "}";
  }
}
