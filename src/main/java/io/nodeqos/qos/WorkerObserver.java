// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

/** Hears how each call of a worker went. Must return at once; called by many threads. */
@FunctionalInterface
public interface WorkerObserver {
  WorkerObserver NONE = (worker, succeeded, nanos) -> {};

  /** A worker planned one node, or threw. */
  void planned(String worker, boolean succeeded, long nanos);
}
