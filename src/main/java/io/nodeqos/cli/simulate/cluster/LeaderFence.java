// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.election.Fence;

/** The fence of a leader that never loses its Lease. */
enum LeaderFence implements Fence {
  INSTANCE;

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void check() {
    // Passes.
  }

  @Override
  public long epoch() {
    return 1;
  }
}
