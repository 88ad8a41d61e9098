// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepOrderTest {
  private record Node(String name, String zone, boolean unwell) {}

  private static final StepOrder<Node> ORDER =
      new StepOrder<>(Node::zone, Node::name, Node::unwell);

  @Test
  void eachZoneGetsItsShare() {
    List<Node> nodes = new ArrayList<>();
    nodes.addAll(zone("a", 60));
    nodes.addAll(zone("b", 30));
    nodes.addAll(zone("c", 10));
    Collections.shuffle(nodes, new Random(1));
    for (int most = 1; most <= 100; most++) {
      List<Node> first = ORDER.first(nodes, n -> true, n -> false, most);
      assertEquals(most, first.size());
      Map<String, Long> counts =
          first.stream().collect(Collectors.groupingBy(Node::zone, Collectors.counting()));
      for (Map.Entry<String, Integer> zone : Map.of("a", 60, "b", 30, "c", 10).entrySet()) {
        double exact = most * zone.getValue() / 100.0;
        long got = counts.getOrDefault(zone.getKey(), 0L);
        assertTrue(Math.abs(got - exact) <= 2, most + ": " + got + " of " + zone);
      }
    }
  }

  @Test
  void nodesThatHaveTheTargetAlreadyCountForTheirZone() {
    List<Node> nodes = new ArrayList<>(zone("a", 4));
    nodes.addAll(zone("b", 4));
    Set<String> taken = Set.of("a000", "a001");
    List<Node> first =
        ORDER.first(nodes, n -> !taken.contains(n.name()), n -> taken.contains(n.name()), 4);
    assertEquals(List.of("b000", "b001", "a002", "b002"), names(first));
  }

  @Test
  void orderDependsOnNamesAndNotOnTheOrderOfTheCache() {
    List<Node> nodes = new ArrayList<>(zone("a", 20));
    nodes.addAll(zone("b", 20));
    List<String> expected = names(ORDER.first(nodes, n -> true, n -> false, 15));
    Collections.shuffle(nodes, new Random(2));
    assertEquals(expected, names(ORDER.first(nodes, n -> true, n -> false, 15)));
  }

  @Test
  void unwellNodesComeLastWhateverTheirZone() {
    List<Node> nodes =
        List.of(
            new Node("a", "x", true),
            new Node("b", "y", false),
            new Node("c", "y", false),
            new Node("d", "y", true));
    assertEquals(List.of("b", "c", "a", "d"), names(ORDER.first(nodes, n -> true, n -> false, 4)));
  }

  @Test
  void noMoreThanThereAreAndNoneForZero() {
    List<Node> nodes = zone("a", 3);
    assertEquals(3, ORDER.first(nodes, n -> true, n -> false, 10).size());
    assertEquals(List.of(), ORDER.first(nodes, n -> true, n -> false, 0));
    assertEquals(List.of(), ORDER.first(List.of(), n -> true, n -> false, 5));
  }

  @Test
  void fiveThousandZonesOfOneNodeCostAFewReadsOfEach() {
    AtomicLong reads = new AtomicLong();
    StepOrder<Integer> order =
        new StepOrder<>(
            n -> {
              reads.incrementAndGet();
              return "zone-" + n;
            },
            n -> {
              reads.incrementAndGet();
              return "node-" + n;
            },
            n -> false);
    List<Integer> nodes = IntStream.range(0, 5_000).boxed().toList();
    List<Integer> first = order.first(nodes, n -> true, n -> false, 5_000);
    assertEquals(5_000, new HashSet<>(first).size());
    assertTrue(reads.get() <= 10L * nodes.size(), () -> reads + " reads");
  }

  private static List<Node> zone(String zone, int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> new Node("%s%03d".formatted(zone, i), zone, false))
        .toList();
  }

  private static List<String> names(List<Node> nodes) {
    return nodes.stream().map(Node::name).toList();
  }
}
