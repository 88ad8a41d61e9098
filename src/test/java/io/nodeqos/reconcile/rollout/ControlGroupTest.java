// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probabilities are those of tables of the binomial distribution. */
class ControlGroupTest {
  @ParameterizedTest
  @CsvSource({
    // P(X >= 4 | 10, 0.1) = 0.0128, P(X >= 3 | 10, 0.1) = 0.0702
    "10, 4, 100, 10, false",
    "10, 3, 100, 10, true",
    // P(X >= 9 | 10, 0.5) = 0.0107, P(X >= 8 | 10, 0.5) = 0.0547
    "10, 9, 20, 10, false",
    "10, 8, 20, 10, true",
    // P(X >= 1 | 1, 0.05) = 0.05, P(X >= 1 | 1, 0.06) = 0.06
    "1, 1, 100, 4, false",
    "1, 1, 100, 6, true",
    // P(X >= 4 | 20, 0.1) = 0.1330, P(X >= 5 | 20, 0.1) = 0.0432
    "20, 4, 200, 20, true",
    "20, 5, 200, 20, false",
    // P(X >= 65 | 1000, 0.05) = 0.0207, P(X >= 60 | 1000, 0.05) = 0.0867
    "1000, 65, 2000, 100, false",
    "1000, 60, 2000, 100, true"
  })
  void failuresAreTheClustersWhenTheyAreNoSurpriseAtItsRate(
      int nodes, int failed, int control, int controlFailed, boolean alike) {
    assertEquals(alike, new ControlGroup(nodes, failed, control, controlFailed).failsAlike());
  }

  @Test
  void revisionIsToBlameWithoutAFailedNodeInTheControlGroupOrWithoutOne() {
    assertEquals(false, new ControlGroup(10, 1, 1_000, 0).failsAlike());
    assertEquals(false, new ControlGroup(10, 10, 0, 0).failsAlike());
  }

  @Test
  void controlGroupThatFailsAsAWholeExcusesEverything() {
    assertEquals(true, new ControlGroup(10, 10, 1, 1).failsAlike());
    assertEquals(true, new ControlGroup(5_000, 5_000, 5_000, 5_000).failsAlike());
  }

  @Test
  void largeGroupsDoNotUnderflow() {
    assertEquals(true, new ControlGroup(5_000, 2_500, 5_000, 2_500).failsAlike());
    assertEquals(false, new ControlGroup(5_000, 2_700, 5_000, 2_500).failsAlike());
    assertEquals(false, new ControlGroup(5_000, 5_000, 5_000, 4_900).failsAlike());
  }
}
