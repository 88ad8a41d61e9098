// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;

/** How long to wait after a failure. */
@FunctionalInterface
public interface RetryDelays {
  /**
   * The delay before the next try.
   *
   * @param failures how often it has failed in a row, at least 1
   */
  Duration delay(int failures);
}
