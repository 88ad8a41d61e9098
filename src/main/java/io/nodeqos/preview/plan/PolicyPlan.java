// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import io.nodeqos.preview.change.ChangeGroup;
import io.nodeqos.preview.edit.PolicyEdit;
import io.nodeqos.preview.warning.Warning;
import io.nodeqos.reconcile.brake.BrakeForecast.Forecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What edited policies would do to a fleet.
 *
 * @param nodes the number of all nodes
 * @param groups of the nodes that change
 * @param stays the nodes that an edited policy selects and that do not change
 * @param pending nodes that a controller is about to write anyway, without the edit
 * @param warnings those that the edit causes
 * @param rollouts those that the edits start; the nodes of the groups change in their steps
 * @param marks the warm-up marks, for each policy that is responsible for some
 * @param continuous the same if the edited policies had mode Continuous; empty for those that have
 * @param serverAccepts an API server was asked, and accepts the policies
 * @param notChecked what could not be checked, a clause or a sentence each
 */
public record PolicyPlan(
    List<PlannedPolicy> policies,
    int nodes,
    List<ChangeGroup> groups,
    List<Stay> stays,
    int pending,
    List<Warning> warnings,
    PlannedWrites writes,
    List<PlannedRollout> rollouts,
    List<Forecast> marks,
    List<Forecast> continuous,
    boolean serverAccepts,
    List<String> notChecked) {

  /**
   * One edited policy.
   *
   * @param selectedBefore the number of nodes that it selects without the edit
   */
  public record PlannedPolicy(PolicyEdit edit, int selectedBefore, int selectedAfter) {}

  /**
   * Nodes that stay as they are, for one reason.
   *
   * @param code stable, for programs
   * @param why a clause about several nodes
   * @param nodes in order
   */
  public record Stay(String code, String why, List<String> nodes) {}

  /**
   * The writes of the controller that the edit causes at once; pulls cause two more for each node.
   *
   * @param nodes patches of nodes
   * @param nodeStatus patches of nodes/status
   * @param pulls nodes that pull images
   * @param daemonSets names of the DaemonSets that pull images and are created, changed or deleted
   * @param pace of the controller
   */
  public record PlannedWrites(
      int nodes, int nodeStatus, int pulls, List<String> daemonSets, Pace pace) {

    /** The time of the writes of nodes at that pace, pulls apart. */
    public Duration least() {
      return Duration.ofSeconds(
          (nodes + nodeStatus + pace.writesPerSecond() - 1) / pace.writesPerSecond());
    }
  }

  /**
   * Limits of a controller by its settings.
   *
   * @param writesPerSecond writes of all kinds
   * @param pullsAtATime nodes that pull images at the same time
   */
  public record Pace(int writesPerSecond, int pullsAtATime) {}

  public PolicyPlan {
    policies = List.copyOf(policies);
    groups = List.copyOf(groups);
    stays = List.copyOf(stays);
    warnings = List.copyOf(warnings);
    rollouts = List.copyOf(rollouts);
    marks = List.copyOf(marks);
    continuous = List.copyOf(continuous);
    notChecked = List.copyOf(notChecked);
  }

  /** The same with the answer of an API server, and more that could not be checked. */
  public PolicyPlan with(boolean accepted, List<String> more) {
    List<String> all = new ArrayList<>(notChecked);
    all.addAll(more);
    return new PolicyPlan(
        policies,
        nodes,
        groups,
        stays,
        pending,
        warnings,
        writes,
        rollouts,
        marks,
        continuous,
        serverAccepts || accepted,
        all);
  }

  /** The number of nodes that change. */
  public int changed() {
    return groups.stream().mapToInt(group -> group.nodes().size()).sum();
  }

  /** A policy or a node changes. */
  public boolean hasChanges() {
    return policies.stream().anyMatch(p -> p.edit().action() != PolicyEdit.Action.UNCHANGED)
        || changed() > 0;
  }

  /** There are warnings, or the brake would hold something. */
  public boolean hasWarnings() {
    return !warnings.isEmpty() || marks.stream().anyMatch(Forecast::holds);
  }
}
