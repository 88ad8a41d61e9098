// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TickerTest {
  @Test
  void taskThatFailsKeepsNeitherTheOthersNorTheNextRounds() throws InterruptedException {
    CountDownLatch failing = new CountDownLatch(3);
    CountDownLatch other = new CountDownLatch(3);
    Ticker ticker =
        new Ticker(
            "test",
            Duration.ofMillis(1),
            () -> {
              failing.countDown();
              throw new IllegalStateException("for the test");
            },
            other::countDown);
    ticker.start();
    try {
      failing.await();
      other.await();
    } finally {
      ticker.stop();
    }
  }
}
