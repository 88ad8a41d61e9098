// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/**
 * Checked before every write: may this process still act as the leader? All methods are cheap,
 * never block, and may be called from any thread.
 */
public interface Fence {

  /**
   * Whether new work may be started now. False on a standby, when the validity of the Lease has
   * expired, and from the moment that the controller starts to stop, even while {@link #check}
   * still passes.
   */
  boolean isOpen();

  /**
   * Passes when a write may be sent now; to be called immediately before it goes out (in a network
   * interceptor, so that a retry or a wait for a connection is covered). While the controller
   * drains, it passes for work already started.
   *
   * @throws FencedException when the write must not be sent
   */
  void check() throws FencedException;

  /**
   * The leader term of this process, the Lease's {@code leaseTransitions}; it increases with every
   * acquisition of the Lease and starts at 1. The last known term when this process does not lead,
   * 0 when it never led or runs without leader election. For information, not a guard.
   */
  long epoch();
}
