// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaderTerm;

/**
 * What the hold on the Lease reports of its terms. Called under the monitor of the hold, so it must
 * be quick and must not call back.
 */
interface TermWatch {
  /**
   * The Lease of a silent holder is about to be taken, and no other process can write as its holder
   * any more. The take may fail, or come later.
   *
   * @param version of the Lease that the take replaces
   */
  default void taking(String version) {}

  /**
   * The Lease was taken.
   *
   * @param replaced the version of the Lease that was replaced; null for a new Lease
   */
  default void taken(LeaderTerm term, String replaced) {}

  /** The term is over. */
  void lost(String reason);
}
