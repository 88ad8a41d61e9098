// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.request;

import io.nodeqos.sim.http.Faults;
import java.time.Duration;

/** One fault of a request; see {@link Faults}. */
public sealed interface Fault {

  /**
   * The request is refused with this code and the server's Status for it, and not carried out.
   *
   * @param code 409, 410, 429, 500 or any other
   * @param retryAfter goes into a Retry-After header in whole seconds; zero leaves it out
   */
  record Refuse(int code, Duration retryAfter) implements Fault {}

  /** The request is carried out after this time. */
  record Delay(Duration time) implements Fault {}

  /** The request waits, not carried out, until the injection is closed; then it goes on. */
  record Stall() implements Fault {}

  /** The connection is closed without an answer and the request is not carried out. */
  record Drop() implements Fault {}

  /** The request is carried out, but the connection is closed instead of answering. */
  record LoseReply() implements Fault {}

  /** 200 with a body that is no JSON; the request is not carried out. */
  record Garbage() implements Fault {}

  /**
   * A watch ends abruptly in the middle of a line.
   *
   * @param afterEvents how many whole events it delivers before
   */
  record CutWatch(int afterEvents) implements Fault {}

  /**
   * A list leaves out all but its first items and looks complete.
   *
   * @param items how many remain; 0 for an empty list
   */
  record PartialList(int items) implements Fault {}
}
