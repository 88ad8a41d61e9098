// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.integer;
import static io.nodeqos.config.SettingType.number;

import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.ConflictRetrySettings;
import io.nodeqos.queue.QueueSettings;
import java.time.Duration;

/** The settings {@code workers}, {@code retry.*} and {@code conflictRetry.*}. */
final class QueueSection {
  private QueueSection() {}

  static QueueSettings read(SettingsReader r) {
    int workers =
        r.get(
            "workers",
            integer(1, QueueSettings.MAX_WORKERS),
            QueueSettings.DEFAULTS.workers(),
            "How many nodes are reconciled at the same time.");
    return new QueueSettings(workers, retry(r), conflictRetry(r));
  }

  private static BackoffSettings retry(SettingsReader r) {
    BackoffSettings d = BackoffSettings.DEFAULTS;
    return r.section(
        "retry",
        d,
        () ->
            new BackoffSettings(
                r.live(
                    "retry.base",
                    duration(Duration.ofMillis(1), Duration.ofDays(1)),
                    d.base(),
                    "The delay after a node's first failure; it doubles with each further one."),
                r.live(
                    "retry.max",
                    duration(Duration.ofMillis(1), Duration.ofDays(1)),
                    d.max(),
                    "The longest delay after failures."),
                r.live(
                    "retry.jitter",
                    number(0, 1),
                    d.jitter(),
                    "Each delay is lengthened by a random part of itself, up to this one.")));
  }

  private static ConflictRetrySettings conflictRetry(SettingsReader r) {
    ConflictRetrySettings d = ConflictRetrySettings.DEFAULTS;
    return r.section(
        "conflictRetry",
        d,
        () ->
            new ConflictRetrySettings(
                r.live(
                    "conflictRetry.attempts",
                    integer(0, 100),
                    d.attempts(),
                    "Tries after a conflict before the ordinary retry takes over."),
                r.live(
                    "conflictRetry.initialDelay",
                    duration(Duration.ofMillis(1), Duration.ofDays(1)),
                    d.initialDelay(),
                    "The delay before the first of them."),
                r.live(
                    "conflictRetry.factor",
                    number(1, 100),
                    d.factor(),
                    "The factor by which that delay grows each time."),
                r.live(
                    "conflictRetry.jitter",
                    number(0, 1),
                    d.jitter(),
                    "Each of these delays is lengthened by a random part, up to this one.")));
  }
}
