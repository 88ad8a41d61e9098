// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.events.QosEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The result of a simulation.
 *
 * @param nodes as they are at the end, by name
 * @param waiting the nodes that wait at the end
 * @param joining nodes that were to join; some may be too late for the end
 * @param writesPerSecond the limit of the settings
 */
record SimulationResult(
    Duration length,
    RunRecord run,
    Map<String, JsonObject> nodes,
    List<PolicyResult> policies,
    List<WaitingGroup> waiting,
    int joining,
    int writesPerSecond) {

  /** Events that an operator should look at. */
  private static final Set<QosEvent.Type> WARNINGS =
      Set.of(
          QosEvent.Type.GATE_DEADLOCK,
          QosEvent.Type.WARMUP_TIMED_OUT,
          QosEvent.Type.WARMUP_LOST,
          QosEvent.Type.ORPHAN_STARTUP_TAINT,
          QosEvent.Type.WORKER_FAILED,
          QosEvent.Type.POLICY_INVALID,
          QosEvent.Type.IMAGE_PULL_FAILED,
          QosEvent.Type.BRAKED,
          QosEvent.Type.WRITE_REFUSED,
          QosEvent.Type.WRITES_DAMPED,
          QosEvent.Type.ROLLOUT_FAILING,
          QosEvent.Type.ROLLING_BACK,
          QosEvent.Type.ROLLED_BACK);

  /**
   * A policy at the end.
   *
   * @param problems why its latest version is not in force; empty when it is
   * @param braked nodes whose mark the brake keeps
   */
  record PolicyResult(
      String name,
      List<String> problems,
      boolean inForce,
      int matched,
      int configured,
      int warm,
      int waiting,
      int deadlocked,
      int braked) {}

  /**
   * Nodes that wait for the same.
   *
   * @param first the first of them by name
   */
  record WaitingGroup(String reason, String message, int count, String first) {}

  /** Events of one type, about one policy. */
  record Warning(Instant at, String type, String policy, int count, String first, String message) {}

  Instant start() {
    return run.start();
  }

  /** In the order of their first event. */
  List<Warning> warnings() {
    return EventGroups.of(run.events().stream().filter(e -> WARNINGS.contains(e.type())).toList());
  }
}
