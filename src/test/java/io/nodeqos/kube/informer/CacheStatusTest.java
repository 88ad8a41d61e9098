// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kubernetes.client.informer.cache.Cache;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.SlimObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Since when a cache has been cut off. */
class CacheStatusTest {
  private static final ApiFailure REFUSED =
      new ApiFailure(0, "", "connection refused", Duration.ZERO);
  private static final ApiFailure FORBIDDEN =
      new ApiFailure(403, "Forbidden", "HTTP 403", Duration.ZERO);

  private final FakeTime time = new FakeTime();
  private final CacheStatus status =
      new CacheStatus(
          "nodes",
          "https://server",
          time.source(),
          new CacheStatus.Listener() {
            @Override
            public void statusChanged() {}

            @Override
            public void relisted() {}
          },
          new Cache<SlimObject<String>>());

  @BeforeEach
  void fill() {
    status.listed("10", Map.of());
    status.handedOn();
    status.watching();
  }

  private void fails() {
    status.failed(REFUSED, Duration.ofSeconds(1), true);
  }

  private void pass(long seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  @Test
  void cutOffCountsFromTheFirstFailureInARowNotFromTheLastEvent() {
    pass(200);
    status.ended(REFUSED);
    assertEquals(Duration.ZERO, status.cutOffFor(), "a watch that was cut after a quiet spell");
    fails();
    assertEquals(Duration.ZERO, status.cutOffFor(), "the first attempt to open it again");
    pass(20);
    fails();
    pass(11);
    assertEquals(Duration.ofSeconds(31), status.cutOffFor(), "cut off for good");
    assertEquals(231, status.lastEventAgeSeconds(), "which is another matter");
  }

  @Test
  void reopenedWatchOfAQuietResourceIsNotCutOff() {
    pass(100);
    fails();
    pass(5);
    status.watching();
    pass(55);
    assertEquals(Duration.ZERO, status.cutOffFor(), "there was no event to report");
    status.heard();
    pass(50);
    fails();
    assertEquals(Duration.ZERO, status.cutOffFor(), "those failures were not in a row");
  }

  @Test
  void emptyWatchesDoNotHideACutOff() {
    for (int i = 0; i < 10; i++) {
      fails();
      pass(4);
      status.watching();
    }
    fails();
    assertEquals(Duration.ofSeconds(40), status.cutOffFor());
  }

  @Test
  void listEndsACutOff() {
    fails();
    pass(40);
    status.listed("10", Map.of());
    fails();
    assertEquals(Duration.ZERO, status.cutOffFor());
  }

  @Test
  void refusalIsNoCutOff() {
    status.failed(FORBIDDEN, Duration.ofSeconds(1), true);
    pass(40);
    assertTrue(status.cutOffFor().isZero(), "the API server is there");
  }
}
