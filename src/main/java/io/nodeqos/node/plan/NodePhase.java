// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import java.util.Locale;

/**
 * The progress of a node: the value of the label {@code phase} of {@code qos_nodes}. A frozen node
 * ({@link Freeze}) is in the phase of its present state.
 */
public enum NodePhase {
  /** No policy selects it. */
  UNMANAGED,
  /** It reports no capacity, or its configuration is not possible: only the reason is written. */
  PENDING,
  /** It waits for its gates. */
  WAITING,
  /** It carries the warm-up mark. */
  WARM,
  /** A policy configures it, but none warms it up. */
  CONFIGURED;

  /** In lower case, as printed. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
