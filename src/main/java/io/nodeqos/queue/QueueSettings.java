// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

/**
 * Settings of the node queue.
 *
 * @param workers threads that work on nodes at the same time, 1 to {@value #MAX_WORKERS}
 * @param retry the delays after a failure
 * @param conflictRetry the first delays after a conflict
 */
public record QueueSettings(
    int workers, BackoffSettings retry, ConflictRetrySettings conflictRetry) {

  /** The API server's own limit of streams a connection is 250; more would only wait. */
  public static final int MAX_WORKERS = 250;

  public static final QueueSettings DEFAULTS =
      new QueueSettings(32, BackoffSettings.DEFAULTS, ConflictRetrySettings.DEFAULTS);

  public QueueSettings {
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new IllegalArgumentException("workers must be from 1 to " + MAX_WORKERS);
    }
  }
}
