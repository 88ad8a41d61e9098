// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.policy.PolicySnapshot;

/**
 * A QoS worker computes one part of the configuration of a node. Implementations are found by
 * {@link java.util.ServiceLoader} and need a public constructor without arguments.
 *
 * <p>Life: {@link #start}, then any number of {@link #updateConfig} and {@link #plan}, then {@link
 * #stop}. The workers of this program are called by many threads at once. A plug-in worker, from
 * another jar, is called by one thread that is its own, and each call has a deadline (the setting
 * {@code plugins.deadline}). A worker that throws or overruns the deadline affects only its own
 * status: nodes keep its sections and resources, it is not called while it hangs, and it continues
 * when the call returns.
 *
 * <p>A plug-in worker may contribute sections of the annotation with names of its own and extended
 * resources {@code nodeqos.io/NAME-cpu} and {@code nodeqos.io/NAME-memory}, whole numbers, which no
 * other worker contributes. Any other contribution is refused as a whole, and the status of the
 * worker gives the reason.
 */
public interface QosWorker {
  /**
   * Unique; a lower case letter and at most 39 lower case letters, digits and dashes. The value of
   * the label {@code worker} in metrics and logs.
   */
  String name();

  /**
   * Workers plan in ascending order, plug-in workers after all others; later workers get the
   * reservation of earlier ones.
   */
  int order();

  /** Called once before any other call; may throw, then the worker is reported as failed. */
  default void start() {}

  /** Called after the policies in force have changed, before they are planned with. */
  default void updateConfig(PolicySnapshot policies) {}

  /**
   * Computes this worker's part for one node. Must be a pure function of its input and of the last
   * {@link #updateConfig}; must not block. After an exception the node's configuration stays as it
   * is (for a plug-in worker: its part of it), and the status of this worker reports the error.
   */
  Contribution plan(WorkerInput input);

  /** The health of the worker itself; the caller counts exceptions of {@link #plan}. */
  default WorkerHealth status() {
    return WorkerHealth.HEALTHY;
  }

  /** Called once, after the last other call. */
  default void stop() {}
}
