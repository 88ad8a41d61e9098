// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

import java.util.Objects;

/**
 * Settings of the metrics.
 *
 * @param perNode whether {@code qos_sync_total} has the name of the node
 */
public record MetricsSettings(PerNode perNode) {

  /** The defaults: node names up to {@value #AUTO_LIMIT} nodes. */
  public static final MetricsSettings DEFAULTS = new MetricsSettings(PerNode.AUTO);

  /** Above this many nodes {@link PerNode#AUTO} drops the node's name. */
  public static final int AUTO_LIMIT = 1_000;

  public MetricsSettings {
    Objects.requireNonNull(perNode, "perNode");
  }

  /** When series have the name of a node. */
  public enum PerNode {
    /** Up to {@link #AUTO_LIMIT} nodes; once dropped, for the rest of the process's life. */
    AUTO,
    ALWAYS,
    NEVER
  }
}
