// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives on the embedded API: after quiet the state equals that of a controller that has only
 * seen the last objects, nothing is written, and a way back leads back. A failure prints the seed
 * and the shortest life that fails.
 */
class RandomLivesTest {
  private static final int LIVES = 100;

  private final JsonObject crd = LifeCluster.crd();

  static LongStream seeds() {
    long first = Long.getLong("nodeqos.test.firstSeed", 0);
    return LongStream.range(first, first + Long.getLong("nodeqos.test.seeds", LIVES));
  }

  /** A life takes a second; the search for the shortest one that fails takes hundreds of them. */
  @ParameterizedTest
  @MethodSource("seeds")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void historyLeavesNoTrace(long seed) {
    Life life = Life.of(seed);
    if (failure(life, crd).isPresent()) {
      List<LifeStep> shortest =
          Shrinker.shortest(life.steps(), steps -> failure(new Life(seed, steps), crd).isPresent());
      Life shortLife = new Life(seed, shortest);
      Throwable why = failure(shortLife, crd).orElseThrow();
      throw new AssertionError(shortLife + "\n" + why.getMessage(), why);
    }
  }

  /** Empty when all holds. An exception of the controller is a failure, too. */
  private static Optional<Throwable> failure(Life life, JsonObject crd) {
    try {
      life.live(crd);
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      return Optional.of(e);
    }
  }
}
