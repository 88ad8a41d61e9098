// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.Optional;

/**
 * What is known of a worker.
 *
 * @param state where in its life it is
 * @param plans how many nodes it has planned since start
 * @param failures how many of them threw
 * @param error the sentence of the last failure, empty once it has planned without one again
 */
public record WorkerStatus(
    String name, State state, long plans, long failures, Optional<String> error) {
  /** Life of a worker. */
  public enum State {
    NEW,
    RUNNING,
    FAILED,
    STOPPED
  }

  public boolean healthy() {
    return state == State.RUNNING && error.isEmpty();
  }
}
