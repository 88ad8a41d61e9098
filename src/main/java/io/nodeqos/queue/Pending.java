// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

/**
 * A request to work on a key.
 *
 * @param sinceNanos since when it is ready, by the queue's clock
 */
record Pending(String key, Lane lane, Trigger trigger, long sinceNanos) {

  /** This one, joined by a later request for the same key: the first cause and time are kept. */
  Pending join(Pending later) {
    Lane joined = lane.orMoreUrgent(later.lane);
    Trigger cause = trigger.orIfNone(later.trigger);
    return new Pending(key, joined, cause, sinceNanos);
  }
}
