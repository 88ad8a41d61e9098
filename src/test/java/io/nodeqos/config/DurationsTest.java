// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "15s,15000,15s",
    "1m30s,90000,1m30s",
    "250ms,250,250ms",
    "1h,3600000,1h",
    "1.5s,1500,1s500ms",
    "90m,5400000,1h30m",
    "0,0,0s",
    "0s,0,0s",
    "48h,172800000,48h",
  })
  void goodOnesAreReadAndWrittenInTheShortestForm(String text, long millis, String written) {
    assertEquals(millis, Durations.parse(text).toMillis());
    assertEquals(written, Durations.format(Durations.parse(text)));
    assertEquals(millis, Durations.parse(written).toMillis(), "what is written is read back");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15", "s", "-1s", "1 s", "1d", "1S", "1m30", "1.s", "1e3s", "PT1S"})
  void othersAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
  }
}
