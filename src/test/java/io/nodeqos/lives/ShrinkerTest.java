// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final List<Integer> ALL = IntStream.range(0, 30).boxed().toList();

  @Test
  void onlyWhatIsNeededIsLeftInItsOrder() {
    assertEquals(
        List.of(3, 17, 29), Shrinker.shortest(ALL, list -> list.containsAll(List.of(3, 17, 29))));
  }

  @Test
  void whatAlwaysFailsNeedsNothing() {
    assertEquals(List.of(), Shrinker.shortest(ALL, list -> true));
  }

  @Test
  void whatNeedsAllStaysWhole() {
    assertEquals(ALL, Shrinker.shortest(ALL, ALL::equals));
  }
}
