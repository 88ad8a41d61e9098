// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    "1.5e3, 1500",
    "1Ki, 1Ki",
    "1023, 1023",
    "-1Ki, -1Ki",
    "1.5Ki, 1536",
    "1.0005Ki, 1024512m",
    "1000n, 1u",
    "0.1n, 1n",
    "-0.1n, -1n",
    "1500000u, 1500m",
    "1Ei, 1Ei",
    "1024Ei, 1024Ei",
    "1000E, 1000E",
    "12345678901234567890, 12345678901234567890",
    "1e60, 1000000000000000000000000000000000000000000E"
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

  @ParameterizedTest
  @CsvSource({"1.1m, 2, 1", "1500m, 1500, 2", "2, 2000, 2", "-1500m, -1500, -1"})
  void quantityIsRoundedUp(String text, long milli, long units) {
    assertEquals(milli, Quantity.parse(text).milliCeil());
    assertEquals(units, Quantity.parse(text).ceil());
  }

  @Test
  void quantityBeyondALongIsClamped() {
    assertEquals(Long.MAX_VALUE, Quantity.parse("900E").milliFloor());
    assertEquals(Long.MIN_VALUE, Quantity.parse("-900E").milliFloor());
  }

  @Test
  void onlyLessThanZeroIsNegative() {
    assertTrue(Quantity.parse("-1n").isNegative());
    assertFalse(Quantity.parse("0").isNegative());
    assertFalse(Quantity.parse("1n").isNegative());
  }

  @Test
  void longTextIsRefused() {
    assertEquals(Quantity.of(1), Quantity.parse("0".repeat(63) + "1"));
    assertThrows(
        IllegalArgumentException.class, () -> Quantity.parse("0".repeat(64) + "1"), "65 digits");
  }
}
