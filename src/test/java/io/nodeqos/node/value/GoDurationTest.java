// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "15s, PT15S, 15s", "1m30s, PT1M30S, 1m30s", "250ms, PT0.25S, 250ms", "1.5h, PT1H30M, 1h30m",
    "0, PT0S, 0s", "90s, PT1M30S, 1m30s", "1500ms, PT1.5S, 1.5s", "24h, PT24H, 24h"
  })
  void durationsAreReadAndWritten(String text, Duration duration, String shortest) {
    assertEquals(duration, GoDuration.parse(text));
    assertEquals(shortest, GoDuration.format(duration));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "15", "s", "15 s", "-1s", "1d", "1s junk", "99999999999999h", "0.1ns"})
  void malformedDurationsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> GoDuration.parse(text));
  }
}
