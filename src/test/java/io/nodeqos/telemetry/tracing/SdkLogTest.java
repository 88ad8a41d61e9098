// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nodeqos.fixture.FakeTime;
import java.time.Duration;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SdkLogTest {
  private final java.util.logging.Logger sdk =
      java.util.logging.Logger.getLogger("io.opentelemetry.sdk.trace.Some");
  private final java.util.logging.Logger exporter =
      java.util.logging.Logger.getLogger("io.opentelemetry.exporter.Some");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.opentelemetry");
  private final FakeTime time = new FakeTime();
  private final SdkLog bridge = SdkLog.install(time.source());

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    bridge.close();
    logger.detachAppender(log);
  }

  @Test
  void warningIsOneLineWithoutAStackTrace() {
    sdk.log(Level.WARNING, "went wrong {0}", new IllegalStateException("why"));
    assertEquals(1, log.list.size());
    ILoggingEvent event = log.list.get(0);
    assertEquals(
        "went wrong {0}: java.lang.IllegalStateException: why", event.getFormattedMessage());
    assertEquals(ch.qos.logback.classic.Level.WARN, event.getLevel());
    assertEquals(null, event.getThrowableProxy());
    sdk.info("set up");
    assertEquals(1, log.list.size());
  }

  @Test
  void sameWarningIsLoggedOnceAMinute() {
    for (int i = 0; i < 100; i++) {
      sdk.warning("full, dropped " + i);
      sdk.warning("empty");
    }
    assertEquals(2, log.list.size());
    time.advance(Duration.ofMinutes(1));
    sdk.warning("full, dropped 7");
    assertEquals(3, log.list.size());
  }

  @Test
  void failedExportsAreNotLogged() {
    exporter.log(Level.SEVERE, "Failed to export spans", new java.io.IOException("refused"));
    assertEquals(0, log.list.size());
  }

  @Test
  void closeRestoresTheLogger() {
    java.util.logging.Logger all = java.util.logging.Logger.getLogger("io.opentelemetry");
    assertFalse(all.getUseParentHandlers());
    bridge.close();
    assertTrue(all.getUseParentHandlers());
    assertEquals(0, all.getHandlers().length);
  }
}
