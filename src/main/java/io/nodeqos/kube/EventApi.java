// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

/** Where Events are written. Calls block; none throws. */
interface EventApi {
  EventReply create(EventSeries series);

  /** Writes the count and the last time of an Event that exists. */
  EventReply patchSeries(EventSeries series);
}
