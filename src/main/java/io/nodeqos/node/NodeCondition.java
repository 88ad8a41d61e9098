// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.time.Instant;

/**
 * A condition of a Node, without its heartbeat time: a heartbeat is no change.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param lastTransitionTime {@link Instant#EPOCH} when absent
 */
public record NodeCondition(
    String type, String status, String reason, String message, Instant lastTransitionTime) {
  public static final String TRUE = "True";
  public static final String FALSE = "False";
  public static final String UNKNOWN = "Unknown";

  /** The start of the message of our condition when gates were released. */
  public static final String RELEASED = "Released after their timeout: ";

  public boolean isTrue() {
    return TRUE.equals(status);
  }
}
