// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.logging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.slf4j.MDC;

/**
 * Fields of the present work of a thread, added to each of its log lines until the context is
 * closed; a nested context restores the outer one. Belongs to one thread.
 *
 * <pre>{@code
 * LogContext context = LogContext.of(Key.NODE, name).and(Key.EPOCH, epoch);
 * try (context) {
 *   ...
 * }
 * }</pre>
 */
public final class LogContext implements AutoCloseable {

  /** The fields there are. In the log they are in lower case. */
  public enum Key {
    NODE,
    NAMESPACE,
    WORKER,
    POLICY,
    EPOCH,
    TRACE_ID,
    SPAN_ID;

    private final String field = name().toLowerCase(Locale.ROOT);
  }

  private final Deque<Replaced> replaced = new ArrayDeque<>();

  private LogContext() {}

  /** A context that adds nothing. */
  public static LogContext empty() {
    return new LogContext();
  }

  /** Opens a context with one field. */
  public static LogContext of(Key key, Object value) {
    return new LogContext().and(key, value);
  }

  /** Adds a field; an empty value adds nothing. */
  public LogContext and(Key key, Object value) {
    String text = value.toString();
    if (!text.isEmpty()) {
      replaced.push(new Replaced(key.field, MDC.get(key.field)));
      MDC.put(key.field, text);
    }
    return this;
  }

  @Override
  public void close() {
    while (!replaced.isEmpty()) {
      Replaced before = replaced.pop();
      if (before.value == null) {
        MDC.remove(before.field);
      } else {
        MDC.put(before.field, before.value);
      }
    }
  }

  private record Replaced(String field, String value) {}
}
