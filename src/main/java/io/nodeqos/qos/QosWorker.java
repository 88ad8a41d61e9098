// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.policy.PolicyCatalog;

/**
 * A QoS worker computes one part of the configuration of a node. Implementations are found by
 * {@link java.util.ServiceLoader} and need a public constructor without arguments.
 *
 * <p>Life: {@link #start}, then any number of {@link #updateConfig} and {@link #plan} from many
 * threads at once, then {@link #stop}.
 */
public interface QosWorker {
  /** Short, lower case, unique: the value of the label {@code worker} in metrics and logs. */
  String name();

  /** Workers plan in ascending order; later ones see what earlier ones contributed. */
  int order();

  /** Called once before any other call; may throw, then the worker is reported as failed. */
  default void start() {}

  /** Called after the policies in force have changed, before they are planned with. */
  default void updateConfig(PolicyCatalog.Snapshot policies) {}

  /**
   * Computes this worker's part for one node. Must be a pure function of its input and of the last
   * {@link #updateConfig}; must not block. A throw leaves the node's configuration as it is and
   * shows in this worker's status.
   */
  Contribution plan(WorkerInput input);

  /** How the worker itself is; throws of {@link #plan} are counted by the caller. */
  default WorkerHealth status() {
    return WorkerHealth.HEALTHY;
  }

  /** Called once, after the last other call. */
  default void stop() {}
}
