// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {

  @Test
  void closedContextRestoresThePreviousFields() {
    LogContext outer =
        LogContext.of(LogContext.Key.NODE, "a")
            .and(LogContext.Key.EPOCH, 7)
            .and(LogContext.Key.NAMESPACE, "");
    try (outer) {
      LogContext inner = LogContext.of(LogContext.Key.NODE, "b").and(LogContext.Key.WORKER, "zum");
      try (inner) {
        assertEquals("b", MDC.get("node"));
        assertEquals("zum", MDC.get("worker"));
      }
      assertEquals("a", MDC.get("node"), "restored");
      assertEquals("7", MDC.get("epoch"));
      assertNull(MDC.get("worker"), "removed");
      assertNull(MDC.get("namespace"), "an empty value is no field");
    }
    assertNull(MDC.get("node"));
    assertNull(MDC.get("epoch"));
  }

  @Test
  void fieldSetTwiceIsRestoredToItsValueBeforeTheContext() {
    LogContext context = LogContext.of(LogContext.Key.NODE, "a").and(LogContext.Key.NODE, "b");
    try (context) {
      assertEquals("b", MDC.get("node"));
    }
    assertNull(MDC.get("node"));
  }
}
