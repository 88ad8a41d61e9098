// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

/** What the Lease, as known to this process, allows. */
enum LeaseStanding {
  /** Its state is not known yet. */
  UNKNOWN,
  /** There is no Lease. */
  ABSENT,
  /** A Lease without a holder: new, or released. */
  FREE,
  /** It has this identity: from this process, or from one before it. */
  MINE,
  /** Another holder, and its time has not expired by our own observation. */
  HELD,
  /** Another holder, silent for its whole lease duration as far as the watch shows. */
  LAPSED,
  /** The same, and a quorum read since has shown no newer version. */
  EXPIRED
}
