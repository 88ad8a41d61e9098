// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;

/** A fence opened and closed by hand; the epoch rises with each opening. */
public final class ToggledFence implements Fence {
  private boolean open;
  private long epoch;
  private int opensAfter = Integer.MAX_VALUE;

  public void open() {
    open = true;
    epoch++;
  }

  /** Closed for so many questions more, then it opens. */
  public void opensAfter(int questions) {
    opensAfter = questions;
  }

  public void close() {
    open = false;
  }

  @Override
  public boolean isOpen() {
    if (!open && opensAfter-- == 0) {
      open();
    }
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
