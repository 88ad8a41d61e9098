// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

/** The priority of a key, most urgent first. The order of the constants is the priority. */
public enum Lane {
  /** A node that is new, or that workloads wait for. */
  URGENT,
  /** A change of the configuration or of a node that works already. */
  CHANGE,
  /** A periodic reconcile: no change is known. */
  RESYNC;

  /** The more urgent of the two. */
  Lane orMoreUrgent(Lane other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
