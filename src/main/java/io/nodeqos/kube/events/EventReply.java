// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.time.Duration;

/**
 * The result of the write of an Event.
 *
 * @param message one clause for the log, empty when it was written
 * @param retryAfter the server's Retry-After, {@link Duration#ZERO} without one
 */
record EventReply(Outcome outcome, String message, Duration retryAfter) {
  static final EventReply WRITTEN = new EventReply(Outcome.WRITTEN, "", Duration.ZERO);

  /** The label {@code reason} of a drop is the name in lower case. */
  enum Outcome {
    WRITTEN,
    /** 429 or 503: the server asks for fewer requests. */
    THROTTLED,
    /** Another 5xx, or no answer: whether it was written is not known. */
    UNAVAILABLE,
    /** 401 or 403: the permission is missing. */
    FORBIDDEN,
    /** Another 4xx: the Event or its namespace is gone, or the Event is not accepted. */
    REJECTED,
    /** Not sent: this process no longer leads. */
    NOT_LEADING
  }
}
