// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.NodeView;
import java.util.Optional;

/** Receives the result of each call of a worker. Must return at once; called by many threads. */
@FunctionalInterface
public interface WorkerObserver {
  WorkerObserver NONE = (worker, run) -> {};

  /** A worker planned one node; called by the thread that requested it, when it has ended. */
  void planned(String worker, Run run);

  /** A worker failed. Called for every failure, so that it must not report each of them. */
  default void failed(Failure failure) {}

  /**
   * One failure.
   *
   * @param plugin the worker is a plug-in, so that only its own part of nodes stays as it is
   * @param node the node of the failed call, empty when the call was not for a node
   * @param error a clause without a full stop
   */
  record Failure(String worker, boolean plugin, Optional<NodeView> node, String error) {}

  /**
   * One call of a worker.
   *
   * @param failure the exception that it threw
   * @param nanos how long it took
   * @param cpuNanos CPU time that it used, 0 when the JVM does not report it
   */
  record Run(Optional<Throwable> failure, long nanos, long cpuNanos) {
    public boolean succeeded() {
      return failure.isEmpty();
    }
  }
}
