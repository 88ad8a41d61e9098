// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state of the nodes at one moment, ready to be shown.
 *
 * @param waiting the reasons of the nodes that are configured but not warm, the most frequent first
 * @param timesToWarm of the warm nodes, from first seen to warm, the shortest first
 * @param control the replicas of the controller
 */
record DemoProgress(
    Duration elapsed,
    Expectation expected,
    Counts counts,
    List<Waiting> waiting,
    List<Duration> timesToWarm,
    Control control) {

  /**
   * * The replicas of the controller.
   *
   * @param writes of all of them, so far
   * @param leader the holder of the Lease; empty without one
   * @param outage after a leader was killed
   */
  record Control(long writes, Optional<Leader> leader, Optional<Outage> outage) {}

  /** The holder of the Lease. */
  record Leader(String podName, long epoch) {}

  /**
   * The time without writes after a leader was killed.
   *
   * @param gap from its last write to a node to the first of the next leader, or to now
   * @param over whether the next leader has written
   */
  record Outage(String podName, Duration gap, boolean over) {}

  /**
   * How many nodes exist, how many of them have a configuration, and how many of those are warm.
   */
  record Counts(int joined, int configured, int warm) {}

  /**
   * Nodes that wait for the same reason.
   *
   * @param example the one of them that has waited longest, with the message of its condition
   */
  record Waiting(String reason, int nodes, String example, String message) {}

  static DemoProgress of(
      Duration elapsed, Expectation expected, List<State> nodes, Control control) {
    int configured = 0;
    List<Duration> times = new ArrayList<>();
    Map<String, List<State>> byReason = new TreeMap<>();
    for (State node : nodes) {
      configured += node.configured() ? 1 : 0;
      if (node.phase() == Phase.WARM) {
        times.add(Duration.ofNanos(node.times().warmAt() - node.times().since()));
      } else if (node.phase() == Phase.WAITING) {
        String said = node.condition().reason();
        String reason = said.isEmpty() ? "(no condition yet)" : said;
        byReason.computeIfAbsent(reason, unused -> new ArrayList<>()).add(node);
      }
    }
    times.sort(Comparator.naturalOrder());
    Counts counts = new Counts(nodes.size(), configured, times.size());
    return new DemoProgress(
        elapsed, expected, counts, waiting(byReason), List.copyOf(times), control);
  }

  private static List<Waiting> waiting(Map<String, List<State>> byReason) {
    List<Waiting> waiting = new ArrayList<>();
    byReason.forEach(
        (reason, nodes) -> {
          State oldest =
              nodes.stream()
                  .min(Comparator.comparingLong(node -> node.times().since()))
                  .orElseThrow();
          waiting.add(
              new Waiting(reason, nodes.size(), oldest.name(), oldest.condition().message()));
        });
    waiting.sort(Comparator.comparingInt(Waiting::nodes).reversed());
    return List.copyOf(waiting);
  }

  /**
   * The p-quantile by the nearest-rank method, 0 &lt; p &lt;= 1, of a sorted list that is not
   * empty.
   */
  static Duration quantile(List<Duration> sorted, double p) {
    return sorted.get((int) Math.ceil(p * sorted.size()) - 1);
  }
}
