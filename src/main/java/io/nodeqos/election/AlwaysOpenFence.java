// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/** The fence of a process that runs alone by declaration. */
enum AlwaysOpenFence implements Fence {
  INSTANCE;

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void check() {}

  @Override
  public long epoch() {
    return 0;
  }
}
