// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import java.util.function.BooleanSupplier;

/**
 * A condition that counts for good from the first time that it is found to hold. Many threads may
 * look at once: one that began to look before it held never takes back what another has found.
 */
public final class LatchedCondition {
  private final BooleanSupplier condition;
  private volatile boolean reached;

  /**
   * @param condition may be asked by several threads at once
   */
  public LatchedCondition(BooleanSupplier condition) {
    this.condition = condition;
  }

  public boolean isReached() {
    return reached;
  }

  /** To be called by whoever has changed something that the condition depends on, after that. */
  public void look() {
    if (!reached && condition.getAsBoolean()) {
      reached = true;
    }
  }
}
