// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.memory;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.time.TimeSource;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdleCollectionTest {
  private static final long MIB = 1L << 20;

  private long nanos = 5;
  private long cpuNanos = Duration.ofSeconds(3).toNanos();
  private final Old old = new Old();
  private final IdleCollection collection =
      new IdleCollection(
          Optional.of(old), () -> cpuNanos, TimeSource.of(Clock.systemUTC(), () -> nanos));

  private static final class Old implements OldGeneration {
    private long used = 40 * MIB;
    private long live;
    private int collections;

    @Override
    public long used() {
      return used;
    }

    @Override
    public long usedAfterCollection() {
      return live;
    }

    @Override
    public void collect() {
      collections++;
      used = 30 * MIB;
      live = used;
    }
  }

  /** One more look, ten seconds after the last one, in which the process used this much CPU. */
  private void look(double cores) {
    nanos += Duration.ofSeconds(10).toNanos();
    cpuNanos += (long) (cores * Duration.ofSeconds(10).toNanos());
    collection.look();
  }

  @Test
  void collectsOnceWhenTheWorkIsDone() {
    look(0);
    look(0.9);
    assertEquals(0, old.collections, "busy");
    look(0.02);
    assertEquals(1, old.collections, "idle");
    look(0.02);
    look(0.02);
    assertEquals(1, old.collections, "nothing has come since");
  }

  @Test
  void doesNotJudgeTheTimeBeforeTheFirstLook() {
    look(0);
    assertEquals(0, old.collections);
  }

  @Test
  void countsTheStartAsWork() {
    look(0);
    look(0);
    assertEquals(1, old.collections);
  }

  @Test
  void neverCollectsWithoutWorkBefore() {
    look(0);
    look(0);
    old.used = 400 * MIB;
    look(0.24);
    look(0.24);
    assertEquals(1, old.collections, "only the start was work");
    look(0.26);
    look(0.24);
    assertEquals(2, old.collections);
  }

  @Test
  void collectsWhenOldObjectsHaveGrownByMoreThanAnEighth() {
    look(0);
    look(0);
    assertEquals(1, collectionsAfterWork(30 * MIB, 34 * MIB), "4 MiB: not more than the least");
    assertEquals(2, collectionsAfterWork(30 * MIB, 34 * MIB + 1));
    assertEquals(2, collectionsAfterWork(160 * MIB, 180 * MIB), "an eighth");
    assertEquals(3, collectionsAfterWork(160 * MIB, 180 * MIB + 1));
  }

  private int collectionsAfterWork(long live, long used) {
    look(0.9);
    old.live = live;
    old.used = used;
    look(0);
    return old.collections;
  }

  @Test
  void hasNothingToDoWithoutAnOldGeneration() {
    IdleCollection none =
        new IdleCollection(
            Optional.empty(), () -> 0, TimeSource.of(Clock.systemUTC(), () -> nanos++));
    none.look();
    assertDoesNotThrow(none::look);
  }

  @Test
  void aCollectionEmptiesTheOldGenerationOfThisJvm() {
    OldGeneration here = JvmOldGeneration.find().orElseThrow();
    byte[][] garbage = new byte[64][];
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] = new byte[(int) MIB];
    }
    here.collect();
    long with = here.usedAfterCollection();
    assertEquals(64, garbage.length, "all of it is reachable until here");
    garbage = null;
    here.collect();
    assertTrue(here.usedAfterCollection() < with - 60 * MIB, with + ", then " + here.used());
  }

  @Test
  void looksAtThisJvm() {
    IdleCollection here = IdleCollection.ofJvm(TimeSource.system());
    here.look();
    assertDoesNotThrow(here::look);
  }
}
