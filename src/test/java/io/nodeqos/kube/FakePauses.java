// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.fixture.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Pauses that take no time but move the clocks. */
public final class FakePauses {
  public final FakeTime time = new FakeTime(Instant.parse("2026-11-03T10:00:00Z"));
  public final List<Duration> sleeps = new CopyOnWriteArrayList<>();
  public volatile Runnable onSleep = () -> {};

  public Pauses pauses() {
    return new Pauses(time.source(), this::sleep, () -> 0.5);
  }

  private void sleep(Duration length) {
    sleeps.add(length);
    time.advance(length);
    onSleep.run();
  }

  public Duration slept() {
    return sleeps.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
