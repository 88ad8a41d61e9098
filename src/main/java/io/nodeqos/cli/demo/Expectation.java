// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.node.Reason;
import java.util.List;
import java.util.Set;

/**
 * The expected result of a demo run.
 *
 * @param nodes number of nodes
 * @param stuck those that must not become warm, as one of their system pods never becomes Ready
 */
record Expectation(int nodes, Set<String> stuck) {

  /** How many nodes are to become warm. */
  int warm() {
    return nodes - stuck.size();
  }

  /**
   * Whether each stuck node reports its agent and nothing else. The controller changes the wording
   * of a waiting node once in ten seconds at most, so that this write may come after the last mark.
   */
  boolean stuckReport(List<State> all) {
    return all.stream()
        .filter(node -> stuck.contains(node.name()))
        .map(State::condition)
        .allMatch(
            condition ->
                condition.reason().equals(Reason.RESERVED_PODS_NOT_READY.code())
                    && condition.message().startsWith("The warm-up has 1 blocker:"));
  }
}
