// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class logs until this is closed. */
final class CapturedLog implements AutoCloseable {
  private final Logger logger;
  private final Level levelBefore;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private CapturedLog(Logger logger) {
    this.logger = logger;
    this.levelBefore = logger.getLevel();
  }

  static CapturedLog of(Class<?> source) {
    CapturedLog log = new CapturedLog((Logger) LoggerFactory.getLogger(source));
    log.appender.start();
    log.logger.setLevel(Level.INFO);
    log.logger.addAppender(log.appender);
    return log;
  }

  List<String> warnings() {
    return messages(Level.WARN);
  }

  List<String> infos() {
    return messages(Level.INFO);
  }

  private List<String> messages(Level level) {
    return appender.list.stream()
        .filter(e -> e.getLevel().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(levelBefore);
  }
}
