// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/** What the Lease, as known here, allows this process. */
enum LeaseStanding {
  /** Nothing is known yet. */
  UNKNOWN,
  /** There is no Lease. */
  ABSENT,
  /** A Lease without a holder: new, or released. */
  FREE,
  /** This identity is in it: by this process, or by one before it. */
  MINE,
  /** Another holder, and its time has not run out by our own observation. */
  HELD,
  /** Another holder, silent for its whole lease duration as far as the watch told us. */
  LAPSED,
  /** The same, and a quorum read since has shown no newer version. */
  EXPIRED
}
