// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.reconcile.images.PullQueue.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PullQueueTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final List<String> woken = new ArrayList<>();
  private final PullQueue slots = new PullQueue(2, LIMIT, woken::add);

  private Answer ask(String node, int since, int now) {
    return slots.ask(node, START.plusSeconds(since), START.plusSeconds(now));
  }

  @Test
  void freeSlotsGoToTheLongestWaitingNodes() {
    assertEquals(Answer.HOLDS, ask("a", 0, 0));
    assertEquals(Answer.HOLDS, ask("b", 0, 0));
    assertEquals(Answer.WAITS, ask("late", 9, 10));
    assertEquals(Answer.WAITS, ask("early", 5, 10));
    assertEquals(List.of(), woken);

    slots.leave("a", START.plusSeconds(20));

    assertEquals(List.of("early"), woken);
    assertEquals(Answer.HOLDS, ask("early", 5, 21));
    assertEquals(Answer.WAITS, ask("late", 9, 21));
    assertEquals(2, slots.holding());
    assertEquals(1, slots.waiting());
  }

  @Test
  void expiredHolderKeepsItsSlotWithoutAWaiter() {
    ask("a", 0, 0);

    assertEquals(Answer.HOLDS, ask("a", 0, 6000));
    assertEquals(Optional.of(START.plus(LIMIT)), slots.end("a"));
  }

  @Test
  void expiredHolderYieldsAndQueuesAtTheEnd() {
    ask("a", 0, 0);
    ask("b", 0, 300);
    ask("c", 100, 301);
    ask("d", 400, 401);

    assertEquals(Answer.HOLDS, ask("a", 0, 599));
    assertEquals(Answer.GIVES_UP, ask("a", 0, 600));
    assertEquals(List.of(), woken, "a still pulls");
    slots.stoppedPulling("a", START.plusSeconds(601));
    assertEquals(List.of("c"), woken);
    assertEquals(Answer.GIVES_UP, ask("b", 0, 900));
    slots.stoppedPulling("b", START.plusSeconds(901));
    assertEquals(List.of("c", "d"), woken);
    slots.leave("c", START.plusSeconds(901));
    assertEquals("a", woken.get(2), "before b, which gave up later");
  }

  @Test
  void newWaiterWakesAnExpiredHolder() {
    ask("a", 0, 0);
    ask("b", 0, 1);

    assertEquals(Answer.WAITS, ask("c", 5000, 5000));
    assertEquals(List.of("a"), woken);
    assertEquals(Answer.GIVES_UP, ask("a", 0, 5000));
    assertEquals(Answer.HOLDS, ask("b", 0, 5000), "one waits, so one is enough");
    slots.stoppedPulling("a", START.plusSeconds(5001));
    assertEquals(Answer.HOLDS, ask("c", 5000, 5001));
  }

  @Test
  void nextWaiterWakesTheNextExpiredHolder() {
    ask("a", 0, 0);
    ask("b", 0, 1);
    ask("c", 5000, 5000);
    assertEquals(Answer.GIVES_UP, ask("a", 0, 5000));

    assertEquals(Answer.WAITS, ask("c", 5000, 5001));
    assertEquals(List.of("a"), woken, "one waits, so one is enough");
    assertEquals(Answer.WAITS, ask("d", 5002, 5002));
    assertEquals(List.of("a", "b"), woken);
    assertEquals(Answer.GIVES_UP, ask("b", 0, 5002));
  }

  @Test
  void yieldingHolderKeepsItsSlotWhenTheWaiterLeaves() {
    ask("a", 0, 0);
    ask("b", 0, 300);
    ask("c", 100, 301);
    assertEquals(Answer.GIVES_UP, ask("a", 0, 600));
    slots.leave("c", START.plusSeconds(601));

    assertEquals(Answer.HOLDS, ask("a", 0, 602));
  }

  @Test
  void newTermCountsExistingLabelsBeyondTheLimit() {
    slots.waits("w2", START.plusSeconds(2));
    slots.waits("w1", START.plusSeconds(1));
    slots.begin(List.of("a", "b", "c"), START);
    assertEquals(List.of("a", "b", "c"), woken, "they learn when their time is up");
    woken.clear();

    assertEquals(Answer.WAITS, ask("w1", 1, 3));
    slots.leave("a", START.plusSeconds(4));
    assertEquals(List.of(), woken, "there are still two");
    slots.leave("b", START.plusSeconds(4));
    assertEquals(List.of("w1"), woken);
  }

  @Test
  void labelFromAnotherWriterHoldsASlot() {
    ask("a", 0, 0);
    slots.pulls("x", START);
    slots.pulls("y", START);

    assertEquals(3, slots.holding());
    assertEquals(Answer.WAITS, ask("b", 0, 1));
  }

  @Test
  void deletedWaiterLeavesTheQueue() {
    ask("a", 0, 0);
    ask("b", 0, 0);
    ask("c", 1, 1);
    ask("d", 2, 2);
    slots.leave("c", START);
    slots.leave("a", START);

    assertEquals(List.of("d"), woken);
  }

  @Test
  void limitIsKeptAndEveryNodeGetsASlot() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Set<String> queue = new TreeSet<>();
      PullQueue some = new PullQueue(3, Duration.ofSeconds(30), queue::add);
      Set<String> stuck = Set.of("n1", "n2", "n3", "n4");
      Set<String> left = new TreeSet<>();
      for (int i = 0; i < 12; i++) {
        left.add("n" + i);
        queue.add("n" + i);
      }
      Instant now = START;
      for (int step = 0; step < 2000 && !stuck.containsAll(left); step++) {
        now = now.plusSeconds(random.nextInt(3));
        List<String> nodes = new ArrayList<>(queue);
        String node =
            nodes.isEmpty() ? "n" + random.nextInt(12) : nodes.get(random.nextInt(nodes.size()));
        queue.remove(node);
        if (!left.contains(node)) {
          continue;
        }
        Answer answer = some.ask(node, START, now);
        if (answer == Answer.GIVES_UP) {
          some.stoppedPulling(node, now);
        }
        if (answer == Answer.HOLDS && !stuck.contains(node)) {
          left.remove(node);
          some.leave(node, now);
        }
        assertTrue(some.holding() <= 3, "seed " + seed);
      }
      assertEquals(stuck, left, "seed " + seed + ": no node starves behind stuck nodes");
    }
  }
}
