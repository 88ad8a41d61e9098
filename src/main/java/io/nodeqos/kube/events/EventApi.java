// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

/** Writes Events. Calls block; none throws. Safe for many threads. */
interface EventApi {
  EventReply create(EventWrite event);

  /** Writes the count and the last time of an Event that exists. */
  EventReply patchSeries(EventWrite event);
}
