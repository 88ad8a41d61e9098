// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import java.util.function.BooleanSupplier;

/**
 * A condition that stays true from the first time that a check finds it true. Many threads may
 * check at once: a check that started before it was true never reverts the result of another.
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

  /** To be called after a change of a value that the condition depends on. */
  public void look() {
    if (!reached && condition.getAsBoolean()) {
      reached = true;
    }
  }
}
