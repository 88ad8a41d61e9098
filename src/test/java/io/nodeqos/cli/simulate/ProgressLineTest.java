// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.time.TimeSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter terminal = new StringWriter();
  private long nanos = 7;

  private ProgressLine line(boolean shown) {
    return ProgressLine.of(
        new PrintWriter(terminal), shown, TimeSource.of(() -> Instant.EPOCH, () -> nanos));
  }

  private void pass(int millis) {
    nanos += Duration.ofMillis(millis).toNanos();
  }

  @Test
  void longRunIsShownAndTakenAwayAtItsEnd() {
    ProgressLine line = line(true);
    line.phase("", Duration.ofMinutes(30));
    pass(2000);
    line.at(Duration.ofSeconds(90));
    assertEquals("", terminal.toString(), "two seconds are not long");

    pass(1);
    line.at(Duration.ofSeconds(90));
    assertEquals("\rnodeqos: 1m30s of 30m simulated, 2 s so far\u001b[K", terminal.toString());
    pass(249);
    line.at(Duration.ofSeconds(95));
    line.phase("what if 1 of 2", Duration.ofMinutes(10));
    pass(1);
    line.at(Duration.ofSeconds(1));
    line.clear();

    assertEquals(
        "\rnodeqos: 1m30s of 30m simulated, 2 s so far\u001b[K"
            + "\rnodeqos: what if 1 of 2: 1s of 10m simulated, 2 s so far\u001b[K"
            + "\r\u001b[K",
        terminal.toString());
  }

  @Test
  void shortRunPrintsNothing() {
    ProgressLine line = line(true);
    pass(1999);
    line.at(Duration.ofMinutes(5));
    line.clear();

    assertEquals("", terminal.toString());
  }

  @Test
  void pipeGetsNothing() {
    ProgressLine line = line(false);
    pass(60_000);
    line.at(Duration.ofMinutes(5));
    line.clear();

    assertEquals("", terminal.toString());
  }
}
