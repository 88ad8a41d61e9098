// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.Optional;

/** Hears how each call of a worker went. Must return at once; called by many threads. */
@FunctionalInterface
public interface WorkerObserver {
  WorkerObserver NONE = (worker, failure, nanos) -> {};

  /**
   * A worker planned one node, on this thread and until now.
   *
   * @param failure what it threw instead
   */
  void planned(String worker, Optional<Throwable> failure, long nanos);
}
