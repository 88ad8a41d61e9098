// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The order in which nodes get the target revision: the unwell last; then from the zone of which
 * the smallest share has it; then by name. So each step takes its share of every zone. The same
 * nodes always give the same order.
 */
public final class StepOrder<N> {
  private final Function<N, String> zone;
  private final Function<N, String> name;
  private final Predicate<N> unwell;

  /**
   * @param zone of a node
   * @param name of a node
   * @param unwell true for nodes that come last
   */
  public StepOrder(Function<N, String> zone, Function<N, String> name, Predicate<N> unwell) {
    this.zone = zone;
    this.name = name;
    this.unwell = unwell;
  }

  /**
   * A zone that still has candidates: {@code taken} of its {@code size} nodes are on the target.
   */
  private record Zone<N>(String name, int size, int taken, List<N> candidates, int next) {
    Zone<N> afterOne() {
      return new Zone<>(name, size, taken + 1, candidates, next + 1);
    }

    double share() {
      return (double) taken / size;
    }
  }

  /**
   * The first candidates.
   *
   * @param all all nodes of the rollout
   * @param isCandidate true for those that may be given the target revision
   * @param isTaken true for those that have it or have been given it
   * @param most how many to return at most
   */
  public List<N> first(List<N> all, Predicate<N> isCandidate, Predicate<N> isTaken, int most) {
    List<N> chosen = new ArrayList<>();
    Map<String, Integer> sizes = new HashMap<>();
    Map<String, Integer> taken = new HashMap<>();
    for (N node : all) {
      sizes.merge(zone.apply(node), 1, Integer::sum);
      if (isTaken.test(node)) {
        taken.merge(zone.apply(node), 1, Integer::sum);
      }
    }
    for (boolean last : new boolean[] {false, true}) {
      List<N> candidates =
          all.stream().filter(isCandidate).filter(n -> unwell.test(n) == last).toList();
      take(candidates, sizes, taken, chosen, most);
    }
    return chosen;
  }

  private void take(
      List<N> candidates,
      Map<String, Integer> sizes,
      Map<String, Integer> taken,
      List<N> chosen,
      int most) {
    Map<String, List<N>> byZone = new HashMap<>();
    candidates.forEach(n -> byZone.computeIfAbsent(zone.apply(n), z -> new ArrayList<>()).add(n));
    PriorityQueue<Zone<N>> zones =
        new PriorityQueue<>(
            Comparator.comparingDouble((Zone<N> z) -> z.share()).thenComparing(Zone::name));
    byZone.forEach(
        (z, nodes) -> {
          nodes.sort(Comparator.comparing(name));
          zones.add(new Zone<>(z, sizes.get(z), taken.getOrDefault(z, 0), nodes, 0));
        });
    while (!zones.isEmpty() && chosen.size() < most) {
      Zone<N> zone = zones.remove();
      chosen.add(zone.candidates().get(zone.next()));
      taken.merge(zone.name(), 1, Integer::sum);
      if (zone.next() + 1 < zone.candidates().size()) {
        zones.add(zone.afterOne());
      }
    }
  }
}
