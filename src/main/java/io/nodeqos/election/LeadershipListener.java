// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/**
 * Is called for the terms of this process, in order, on one thread of the election: a slow listener
 * delays the next call, never the renewal of the Lease.
 */
public interface LeadershipListener {

  /**
   * This process leads from now on; the fence is open. Work that was refused before has to be done
   * now.
   */
  void leading(LeaderTerm term);

  /**
   * That term is over and the fence closed. Called once for each {@link #leading}.
   *
   * @param reason a phrase for the log, e.g. "pod-b_1f3c holds the Lease"
   */
  void stopped(LeaderTerm term, String reason);
}
