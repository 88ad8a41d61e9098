// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import io.nodeqos.preview.change.Change.On;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Groups the nodes of a fleet by their changes. Nodes whose values differ by their size, or by the
 * pods on them, would each be a group of their own: beyond a few such groups they become one, with
 * the range of the values.
 */
public final class ChangeGroups {
  /** So many groups of the same changes with other values stand side by side. */
  private static final int SIDE_BY_SIDE = 3;

  private static final Comparator<ChangeGroup> LARGEST_FIRST =
      Comparator.<ChangeGroup>comparingInt(group -> -group.nodes().size())
          .thenComparing(group -> group.nodes().get(0));

  private ChangeGroups() {}

  /**
   * The groups of the nodes that change, the largest first.
   *
   * @param outcomes ordered by node
   */
  public static List<ChangeGroup> of(Collection<NodeOutcome> outcomes) {
    Map<List<Change>, List<String>> exact = new LinkedHashMap<>();
    for (NodeOutcome outcome : outcomes) {
      if (outcome.isChanged()) {
        exact.computeIfAbsent(outcome.changes(), c -> new ArrayList<>()).add(outcome.node());
      }
    }
    Map<List<Change>, List<ChangeGroup>> shapes = new LinkedHashMap<>();
    exact.forEach(
        (changes, nodes) ->
            shapes
                .computeIfAbsent(shape(changes), s -> new ArrayList<>())
                .add(new ChangeGroup(nodes, changes)));
    return shapes.values().stream()
        .flatMap(
            alike -> alike.size() > SIDE_BY_SIDE ? List.of(merged(alike)).stream() : alike.stream())
        .sorted(LARGEST_FIRST)
        .toList();
  }

  /** Amounts do not count; versions, taints and reasons do. */
  private static List<Change> shape(List<Change> changes) {
    return changes.stream().map(c -> isAmount(c) ? c.shape() : c).toList();
  }

  private static boolean isAmount(Change change) {
    boolean mayBe =
        change.on() == On.CONFIG || change.on() == On.ALLOCATABLE || change.on() == On.CAPACITY;
    return mayBe
        && !change.key().startsWith("sources.")
        && (change.before().isEmpty() || number(change.before()).isPresent())
        && (change.after().isEmpty() || number(change.after()).isPresent());
  }

  private static ChangeGroup merged(List<ChangeGroup> alike) {
    List<String> nodes = alike.stream().flatMap(g -> g.nodes().stream()).sorted().toList();
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < alike.get(0).changes().size(); i++) {
      int at = i;
      List<Change> same = alike.stream().map(g -> g.changes().get(at)).toList();
      Change first = same.get(0);
      changes.add(
          new Change(
              first.on(),
              first.op(),
              first.key(),
              range(same.stream().map(Change::before).toList()),
              range(same.stream().map(Change::after).toList())));
    }
    return new ChangeGroup(nodes, changes);
  }

  private static String range(List<String> values) {
    List<String> sorted =
        values.stream()
            .distinct()
            .sorted(Comparator.comparing(v -> number(v).orElse(BigDecimal.ZERO)))
            .toList();
    return sorted.size() == 1
        ? sorted.get(0)
        : sorted.get(0) + Change.RANGE + sorted.get(sorted.size() - 1);
  }

  private static Optional<BigDecimal> number(String value) {
    return AmountText.of(value);
  }
}
