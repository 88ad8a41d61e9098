// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.election.Fence;
import io.nodeqos.election.FencedException;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a number of checks pass, as if the Lease ran out then. */
public final class ClosingFence implements Fence {
  private final AtomicInteger left;

  public ClosingFence(int checks) {
    this.left = new AtomicInteger(checks);
  }

  public void open() {
    left.set(Integer.MAX_VALUE);
  }

  @Override
  public boolean isOpen() {
    return left.get() > 0;
  }

  @Override
  public void check() throws FencedException {
    if (left.getAndDecrement() <= 0) {
      throw new FencedException("the Lease has run out");
    }
  }

  @Override
  public long epoch() {
    return 1;
  }
}
