// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration BASE = Duration.ofMillis(500);
  private static final Duration MAX = Duration.ofSeconds(60);
  private final BackoffSettings settings = new BackoffSettings(BASE, MAX, 0.2);

  @Test
  void delayDoublesUpToTheLimitAndStaysThere() {
    Backoff backoff = new Backoff(settings, () -> 0);
    assertEquals(BASE, backoff.delay(1));
    assertEquals(BASE.multipliedBy(2), backoff.delay(2));
    assertEquals(BASE.multipliedBy(64), backoff.delay(7));
    for (int failures = 8; failures <= 1_000; failures++) {
      assertEquals(MAX, backoff.delay(failures), "after failure " + failures);
    }
    assertEquals(MAX, backoff.delay(Integer.MAX_VALUE), "no number of failures overflows");
  }

  @Test
  void jitterLengthensADelayByAtMostItsShare() {
    Backoff backoff = Backoff.of(settings);
    boolean differs = false;
    Duration first = backoff.delay(1_000);
    for (int failures = 1; failures <= 1_000; failures++) {
      Duration delay = backoff.delay(failures);
      assertTrue(delay.compareTo(BASE) >= 0, "never shorter than the base: " + delay);
      assertTrue(delay.compareTo(Duration.ofSeconds(72)) <= 0, "at most a fifth longer: " + delay);
      differs |= failures > 8 && !delay.equals(first);
    }
    assertTrue(differs, "nodes that failed together must not come back together");
  }

  @Test
  void conflictsHaveShortDelaysFirstAndThenOrdinaryOnes() {
    RetryDelays delays =
        new Backoff(settings, () -> 0).afterConflicts(ConflictRetrySettings.DEFAULTS);
    assertEquals(Duration.ofSeconds(1), delays.delay(1));
    assertEquals(Duration.ofSeconds(2), delays.delay(2));
    assertEquals(Duration.ofSeconds(16), delays.delay(5));
    assertEquals(BASE, delays.delay(6), "the ordinary backoff starts at its base");
    assertEquals(MAX, delays.delay(500));
    RetryDelays longest =
        new Backoff(settings, () -> 1).afterConflicts(ConflictRetrySettings.DEFAULTS);
    assertEquals(Duration.ofMillis(1_100), longest.delay(1), "a tenth of jitter at most");
  }

  @Test
  void zeroConflictAttemptsSkipThatPhase() {
    ConflictRetrySettings none = new ConflictRetrySettings(0, Duration.ofSeconds(1), 2, 0);
    assertEquals(BASE, new Backoff(settings, () -> 0).afterConflicts(none).delay(1));
  }

  @Test
  void impossibleSettingsAreRefused() {
    refused(() -> new BackoffSettings(Duration.ZERO, MAX, 0));
    refused(() -> new BackoffSettings(MAX, BASE, 0));
    refused(() -> new BackoffSettings(BASE, Duration.ofDays(2), 0));
    refused(() -> new BackoffSettings(BASE, MAX, Double.NaN));
    refused(() -> new BackoffSettings(BASE, MAX, 1.1));
    refused(() -> new ConflictRetrySettings(-1, BASE, 2, 0));
    refused(() -> new ConflictRetrySettings(1, Duration.ZERO, 2, 0));
    refused(() -> new ConflictRetrySettings(1, BASE, 0.5, 0));
    refused(() -> new ConflictRetrySettings(1, BASE, 2, -0.1));
    refused(() -> new ConflictRetrySettings(1, Duration.ofDays(1).plusNanos(1), 2, 0));
    refused(() -> new ConflictRetrySettings(1, BASE, 100.1, 0));
    refused(() -> new QueueSettings(0, settings, ConflictRetrySettings.DEFAULTS));
    refused(() -> new QueueSettings(251, settings, ConflictRetrySettings.DEFAULTS));
  }

  @Test
  void settingsMayBeAtTheirLimits() {
    Duration day = Duration.ofDays(1);
    Duration shortest = Duration.ofNanos(1);
    accepted(new BackoffSettings(shortest, shortest, 0));
    accepted(new BackoffSettings(day, day, 1));
    accepted(new ConflictRetrySettings(0, shortest, 1, 0));
    accepted(new ConflictRetrySettings(1, day, 100, 1));
    accepted(new QueueSettings(1, settings, ConflictRetrySettings.DEFAULTS));
    accepted(new QueueSettings(250, settings, ConflictRetrySettings.DEFAULTS));
  }

  private static void accepted(Record settings) {
    assertNotNull(settings);
  }

  private static void refused(Runnable construction) {
    assertThrows(IllegalArgumentException.class, construction::run);
  }
}
