// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.client.KubeSettings.WriteRate;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteLimiterTest {
  private final FakeTime time = new FakeTime();
  private final WriteLimiter limiter = new WriteLimiter(new WriteRate(100, 10), time.source());

  private int burst() {
    int sent = 0;
    while (limiter.tryAcquire().isZero()) {
      sent++;
      assertTrue(sent <= 1000, "there must be an end");
    }
    return sent;
  }

  @Test
  void burstIsBoundedAndTheRateIsKept() {
    assertEquals(10, burst());
    int sent = 0;
    for (int tick = 0; tick < 100; tick++) {
      time.advance(Duration.ofMillis(50));
      sent += burst();
    }
    assertEquals(500, sent, "5 s at 100 a second");
  }

  @Test
  void rejectedWritesGetDifferentTimesToRetry() {
    burst();
    Set<Duration> waits = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      assertTrue(waits.add(limiter.tryAcquire()), "no two at the same time");
    }
    for (int i = 0; i < 10_000; i++) {
      assertTrue(limiter.tryAcquire().compareTo(Duration.ofSeconds(5)) <= 0, "bounded");
    }
  }

  @Test
  void newLimitsApplyAtOnceAndKeepTheSlowdownOfTheServer() {
    limiter.overloaded(Duration.ZERO);
    limiter.limits(new KubeSettings.WriteRate(200, 4));
    assertEquals(100, limiter.ratePerSecond(), 0.001, "still half of the limit");
    time.advance(Duration.ofSeconds(60));
    assertEquals(200, limiter.ratePerSecond(), 0.001);
    assertEquals(4, burst());
  }

  @Test
  void overloadHalvesTheRateOncePerSecondAndSilenceRestoresIt() {
    limiter.overloaded(Duration.ZERO);
    limiter.overloaded(Duration.ZERO);
    assertEquals(50, limiter.ratePerSecond(), 0.001, "one round of complaints counts once");
    time.advance(Duration.ofSeconds(2));
    assertEquals(60, limiter.ratePerSecond(), 0.001, "a twentieth of the limit each second");
    limiter.overloaded(Duration.ZERO);
    assertEquals(30, limiter.ratePerSecond(), 0.001);
    for (int i = 0; i < 20; i++) {
      limiter.overloaded(Duration.ZERO);
      time.advance(Duration.ofSeconds(1));
    }
    assertTrue(limiter.ratePerSecond() >= 1, "it never stands still");
    time.advance(Duration.ofMinutes(5));
    assertEquals(100, limiter.ratePerSecond(), 0.001, "the limit is the limit");
  }

  @Test
  void nothingIsSentBeforeRetryAfterIsOver() {
    limiter.overloaded(Duration.ofSeconds(3));
    time.advance(Duration.ofMillis(2999));
    assertFalse(limiter.tryAcquire().isZero(), "too early");
    time.advance(Duration.ofMillis(1));
    assertTrue(limiter.tryAcquire().isZero(), "now");
  }
}
