// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;

/** A fence opened and closed by hand; the epoch rises with each opening. */
final class ToggledFence implements Fence {
  private boolean open;
  private long epoch;

  void open() {
    open = true;
    epoch++;
  }

  void close() {
    open = false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void check() throws FencedException {
    if (!open) {
      throw new FencedException("closed by the test");
    }
  }

  @Override
  public long epoch() {
    return epoch;
  }
}
