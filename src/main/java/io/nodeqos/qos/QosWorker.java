// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.policy.PolicyCatalog;

/**
 * A QoS worker computes one part of the configuration of a node. Implementations are found by
 * {@link java.util.ServiceLoader} and need a public constructor without arguments.
 *
 * <p>Life: {@link #start}, then any number of {@link #updateConfig} and {@link #plan}, then {@link
 * #stop}. The workers of this program are called by many threads at once. A plug-in worker, from
 * another jar, is called by one thread that is its own, and each call has a deadline (the setting
 * {@code plugins.deadline}). One that throws or overruns it spoils its own status alone: nodes keep
 * what they have of it, it is not called while it hangs, and it goes on when the call returns.
 *
 * <p>A plug-in worker may contribute sections of the annotation with names of its own and extended
 * resources {@code nodeqos.io/NAME-cpu} and {@code nodeqos.io/NAME-memory}, whole numbers, which no
 * other worker contributes. Anything else is refused as a whole, and its status says why.
 */
public interface QosWorker {
  /**
   * Unique; a lower case letter and at most 39 lower case letters, digits and dashes. The value of
   * the label {@code worker} in metrics and logs.
   */
  String name();

  /**
   * Workers plan in ascending order, those of plug-ins after all others; later ones see what is
   * reserved by then.
   */
  int order();

  /** Called once before any other call; may throw, then the worker is reported as failed. */
  default void start() {}

  /** Called after the policies in force have changed, before they are planned with. */
  default void updateConfig(PolicyCatalog.Snapshot policies) {}

  /**
   * Computes this worker's part for one node. Must be a pure function of its input and of the last
   * {@link #updateConfig}; must not block. A throw leaves the node's configuration as it is (of a
   * plug-in worker: its part of it) and shows in this worker's status.
   */
  Contribution plan(WorkerInput input);

  /** How the worker itself is; throws of {@link #plan} are counted by the caller. */
  default WorkerHealth status() {
    return WorkerHealth.HEALTHY;
  }

  /** Called once, after the last other call. */
  default void stop() {}
}
