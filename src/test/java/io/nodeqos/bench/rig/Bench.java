// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.bench.report.Progress;
import io.nodeqos.realapi.ControlPlane;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What every scenario is given.
 *
 * @param nodes how many, where the user has said it
 * @param quick small numbers, to see that all works
 * @param minutes how long, where the user has said it
 * @param full more kinds of faults, for which there is no time in all scenarios together
 * @param planes starts a control plane of its own for each scenario
 */
public record Bench(
    OptionalInt nodes,
    OptionalInt minutes,
    boolean quick,
    boolean full,
    Progress progress,
    Supplier<ControlPlane> planes) {

  /** The numbers of nodes to measure with. */
  public List<Integer> sizes(List<Integer> full, List<Integer> small) {
    return nodes.isPresent() ? List.of(nodes.getAsInt()) : quick ? small : full;
  }

  /** The number of nodes to measure with. */
  public int size(int full, int small) {
    return nodes.orElse(pick(full, small));
  }

  public int pick(int full, int small) {
    return quick ? small : full;
  }
}
