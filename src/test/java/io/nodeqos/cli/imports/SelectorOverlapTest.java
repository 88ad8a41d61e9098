// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.value.LabelSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SelectorOverlapTest {
  private static LabelSelector selector(String text) {
    return new LabelSelector(Map.of(), SelectorText.parse(text).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1 | a=2 | false",
        "a=1 | a!=1 | false",
        "a | !a | false",
        "a in (1, 2) | a in (2, 3) | true",
        "a in (1, 2),a!=1 | a notin (2) | false",
        "a | a notin (1, 2) | true",
        "a=1 | b=2 | true",
        "!a | a notin (1) | true",
      })
  void selectorsOverlapUnlessNoLabelsMatchBoth(String one, String other, boolean overlap) {
    assertEquals(overlap, SelectorOverlap.mayBe(selector(one), selector(other)));
    assertEquals(overlap, SelectorOverlap.mayBe(selector(other), selector(one)));
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void labelsThatMatchBothShowAnOverlap(long seed) {
    Random random = new Random(seed);
    LabelSelector one = selector(some(random) + "," + some(random));
    LabelSelector other = selector(some(random) + "," + some(random));
    for (int i = 0; i < 50; i++) {
      Map<String, String> labels = new HashMap<>();
      for (String key : List.of("a", "b")) {
        if (random.nextBoolean()) {
          labels.put(key, String.valueOf(random.nextInt(4)));
        }
      }
      if (one.matches(labels) && other.matches(labels)) {
        assertTrue(SelectorOverlap.mayBe(one, other), one + " and " + other);
      }
    }
  }

  private static String some(Random random) {
    String key = random.nextBoolean() ? "a" : "b";
    int value = random.nextInt(3);
    return switch (random.nextInt(5)) {
      case 0 -> key;
      case 1 -> "!" + key;
      case 2 -> key + "=" + value;
      case 3 -> key + "!=" + value;
      default -> key + " in (" + value + ", 3)";
    };
  }
}
