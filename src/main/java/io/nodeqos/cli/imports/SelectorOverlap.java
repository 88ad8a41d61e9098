// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a node may match two selectors. */
final class SelectorOverlap {
  private SelectorOverlap() {}

  /** False only when no labels of a node match both. */
  static boolean mayBe(LabelSelector one, LabelSelector other) {
    Map<String, List<Requirement>> byKey =
        Stream.concat(requirements(one).stream(), requirements(other).stream())
            .collect(Collectors.groupingBy(Requirement::key));
    return byKey.entrySet().stream().allMatch(e -> canHold(e.getKey(), e.getValue()));
  }

  private static boolean canHold(String key, List<Requirement> all) {
    Stream<String> named = all.stream().flatMap(r -> r.values().stream());
    // Any other value, and none: what holds for them holds for all that are not named.
    return Stream.concat(named, Stream.of("\0"))
            .map(value -> Map.of(key, value))
            .anyMatch(labels -> all.stream().allMatch(r -> r.matches(labels)))
        || all.stream().allMatch(r -> r.matches(Map.of()));
  }

  private static Set<Requirement> requirements(LabelSelector selector) {
    List<Requirement> all = new ArrayList<>(selector.matchExpressions());
    selector
        .matchLabels()
        .forEach((key, value) -> all.add(new Requirement(key, Operator.IN, List.of(value))));
    return Set.copyOf(all);
  }
}
