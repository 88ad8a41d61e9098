// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each pair was seen on a kube-apiserver 1.34. */
class QuantityRulesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4, 4",
    "4000, 4k",
    "4096, 4096",
    "4000m, 4",
    "1500m, 1500m",
    "0.5, 500m",
    ".5, 500m",
    "1500000, 1500k",
    "1e3, 1e3",
    "1024Ki, 1Mi",
    "1000Ki, 1000Ki",
    "0.5Gi, 512Mi",
    "512Ki, 512Ki",
    "1024, 1024",
    "1.316m, 2m",
    "15.015k, 15.015k",
    "00012, 00012",
    "10.1Ki, 10342400m",
    "0.5Ki, 512",
    "11.6Ei, 9223372036854775807",
    "1500u, 2m",
    "5., 5.",
    "0.000, 0"
  })
  void quantityIsWrittenAsTheServerWritesIt(String given, String written) {
    assertEquals(Optional.of(written), QuantityRules.canonical(given));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1 Gi", "1K", "1mi", "--1", "1.2.3"})
  void malformedQuantityHasNoForm(String text) {
    assertEquals(Optional.empty(), QuantityRules.canonical(text));
  }
}
