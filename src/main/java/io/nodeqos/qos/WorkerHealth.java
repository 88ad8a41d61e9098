// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

/**
 * The health of a worker.
 *
 * @param message empty when healthy, else one sentence
 */
public record WorkerHealth(boolean healthy, String message) {
  public static final WorkerHealth HEALTHY = new WorkerHealth(true, "");

  public static WorkerHealth failing(String message) {
    return new WorkerHealth(false, message);
  }
}
