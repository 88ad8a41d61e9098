// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.Optional;

/**
 * The status of a worker.
 *
 * @param state its state of life
 * @param plans number of planned nodes since start
 * @param failures number of failed plans
 * @param error the sentence of the last failure, empty after the next success
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
