// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.util.Locale;

/** Why an Event was not written to the API server. */
enum EventDrop {
  /** Too many Events are waiting to be created. */
  QUEUE_FULL,
  /** Its object has had too many Events. */
  OBJECT_RATE,
  THROTTLED,
  UNAVAILABLE,
  FORBIDDEN,
  REJECTED,
  NOT_LEADING,
  /** The process ended first. */
  STOPPED;

  static EventDrop of(EventReply.Outcome outcome) {
    return switch (outcome) {
      case THROTTLED -> THROTTLED;
      case UNAVAILABLE -> UNAVAILABLE;
      case FORBIDDEN -> FORBIDDEN;
      case REJECTED -> REJECTED;
      case NOT_LEADING -> NOT_LEADING;
      case WRITTEN -> throw new IllegalArgumentException("what was written was not dropped");
    };
  }

  /** The label {@code reason} of the metric. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Counts what is dropped, and what fails. Called by several threads. */
  @FunctionalInterface
  interface Counter {
    void dropped(EventDrop reason, int happenings);

    /** A request failed, whether it is tried again or not. */
    default void writeFailed(EventReply.Outcome outcome) {}
  }
}
