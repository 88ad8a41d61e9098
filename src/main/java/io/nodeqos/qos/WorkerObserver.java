// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.NodeView;
import java.util.Optional;

/** Hears how each call of a worker went. Must return at once; called by many threads. */
@FunctionalInterface
public interface WorkerObserver {
  WorkerObserver NONE = (worker, run) -> {};

  /** A worker planned one node, asked by this thread and until now. */
  void planned(String worker, Run run);

  /** A worker failed. Comes with every failure, so it must not tell each of them on. */
  default void failed(Failure failure) {}

  /**
   * One failure.
   *
   * @param plugin the worker is a plug-in, so that only its own part of nodes stays as it is
   * @param node that it failed on, empty when it was no call for a node
   * @param error a clause without a full stop
   */
  record Failure(String worker, boolean plugin, Optional<NodeView> node, String error) {}

  /**
   * One call of a worker.
   *
   * @param failure what it threw instead
   * @param nanos how long it took
   * @param cpuNanos CPU time that it used, 0 where the JVM does not tell
   */
  record Run(Optional<Throwable> failure, long nanos, long cpuNanos) {
    public boolean succeeded() {
      return failure.isEmpty();
    }
  }
}
