// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "4000, 4k",
    "4k, 4k",
    "1500m, 1500m",
    "0.5, 500m",
    "2, 2",
    "1024Ki, 1Mi",
    "1536Mi, 1536Mi",
    "1.5Gi, 1536Mi",
    "1e3, 1k",
    "12E, 12E",
    "100, 100",
    "512, 512",
    "0, 0",
    "0Gi, 0",
    "1000Ki, 1000Ki",
    "-2, -2",
    ".5, 500m",
    "5., 5",
    "1.5e3, 1500"
  })
  void quantityIsWrittenInItsCanonicalForm(String text, String canonical) {
    assertEquals(canonical, Quantity.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource({"4000, 4k", "1Gi, 1073741824", "0.1, 100m", "1024, 1Ki", "1e3, 1000"})
  void quantitiesOfEqualValueAreEqual(String a, String b) {
    assertEquals(Quantity.parse(a), Quantity.parse(b));
    assertEquals(Quantity.parse(a).hashCode(), Quantity.parse(b).hashCode());
  }

  @Test
  void quantitiesOfDifferentValueDiffer() {
    assertNotEquals(Quantity.parse("1G"), Quantity.parse("1Gi"));
    assertTrue(Quantity.parse("1G").compareTo(Quantity.parse("1Gi")) < 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "1 Gi", "1Gib", "--1", "1.2.3", "e3", "1K", "9e9999", "1e+"})
  void malformedQuantitiesAreRefused(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Quantity.parse(text));
    assertTrue(refused.getMessage().contains("\"" + text + "\""), "the value must be named");
  }

  @ParameterizedTest
  @CsvSource({"1.9m, 1, 0", "1500m, 1500, 1", "2Gi, 2147483648000, 2147483648"})
  void quantityIsRoundedDown(String text, long milli, long units) {
    assertEquals(milli, Quantity.parse(text).milliFloor());
    assertEquals(units, Quantity.parse(text).floor());
  }

  @Test
  void quantityBeyondALongIsClamped() {
    assertEquals(Long.MAX_VALUE, Quantity.parse("900E").milliFloor());
  }
}
