// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of k8s.io/apimachinery/pkg/util/duration. */
class HumanDurationTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT-1S, 0s",
    "PT-10S, <invalid>",
    "PT119S, 119s",
    "PT2M, 2m",
    "PT2M5S, 2m5s",
    "PT10M, 10m",
    "PT179M, 179m",
    "PT3H, 3h",
    "PT3H5M, 3h5m",
    "PT8H10M, 8h",
    "PT47H, 47h",
    "PT49H, 2d1h",
    "P8D, 8d",
    "P800D, 2y70d",
    "P4000D, 10y"
  })
  void ageIsShownAsKubectlShowsIt(String age, String shown) {
    assertEquals(shown, HumanDuration.of(Duration.parse(age)));
  }

  @Test
  void malformedTimeHasAnUnknownAge() {
    assertEquals("<unknown>", HumanDuration.since("", Instant.EPOCH));
  }
}
