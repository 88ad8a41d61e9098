// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.nodeqos.time.TimeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Brings the lines that the OpenTelemetry SDK logs by java.util.logging, with stack traces and on
 * every export, into our log: one line without a stack trace, and the same line again after a
 * minute at the earliest. Lines about failed exports are left out, as {@link ReportedExporter}
 * reports them.
 */
final class SdkLog extends Handler {
  private static final String SDK = "io.opentelemetry";
  private static final String EXPORTERS = "io.opentelemetry.exporter.";

  /** Counts differ from one time to the next. */
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private static final long REPEAT_INTERVAL_NANOS = 60_000_000_000L;

  private final java.util.logging.Logger sdk;
  private final TimeSource time;
  private final Map<String, Long> last = new ConcurrentHashMap<>();

  private SdkLog(java.util.logging.Logger sdk, TimeSource time) {
    this.sdk = sdk;
    this.time = time;
  }

  /**
   * Takes over until it is closed. It keeps a reference to the logger: the JDK drops an
   * unreferenced one.
   */
  static SdkLog install(TimeSource time) {
    SdkLog log = new SdkLog(java.util.logging.Logger.getLogger(SDK), time);
    log.sdk.setUseParentHandlers(false);
    log.sdk.addHandler(log);
    return log;
  }

  @Override
  public void publish(LogRecord entry) {
    String logger = String.valueOf(entry.getLoggerName());
    if (entry.getLevel().intValue() < Level.WARNING.intValue()
        || logger.startsWith(EXPORTERS)
        || !isDue(logger + NUMBER.matcher(String.valueOf(entry.getMessage())).replaceAll(""))) {
      return;
    }
    String what = entry.getMessage();
    Throwable thrown = entry.getThrown();
    LoggerFactory.getLogger(logger).warn("{}{}", what, thrown == null ? "" : ": " + thrown);
  }

  private boolean isDue(String place) {
    long now = time.nanos();
    Long before = last.get(place);
    if (before != null && now - before < REPEAT_INTERVAL_NANOS) {
      return false;
    }
    // Old entries are not needed.
    last.values().removeIf(at -> now - at >= REPEAT_INTERVAL_NANOS);
    last.put(place, now);
    return true;
  }

  @Override
  public void flush() {
    // No state is kept.
  }

  @Override
  public void close() {
    sdk.removeHandler(this);
    sdk.setUseParentHandlers(true);
  }
}
