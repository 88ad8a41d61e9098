// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import java.util.Locale;

/**
 * Where a node is on its way: the value of the label {@code phase} of {@code qos_nodes}. A node
 * that is kept as it is ({@link Freeze}) is in the phase of what it carries.
 */
public enum NodePhase {
  /** No policy selects it. */
  UNMANAGED,
  /** It reports no capacity, or its configuration cannot be made: nothing is written but why. */
  PENDING,
  /** It waits for its gates. */
  WAITING,
  /** It carries the warm-up mark. */
  WARM,
  /** A policy configures it, but none warms it up. */
  CONFIGURED;

  /** Lower case, as it is printed. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
