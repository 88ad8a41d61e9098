// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import io.nodeqos.realapi.ProgramExtension;

/** Gives {@link ClusterChartIT} a {@link Cluster} of its own as a parameter. */
final class ChartClusterExtension extends ProgramExtension<Cluster> {
  ChartClusterExtension() {
    super(Cluster.class, "cluster", "--no-build", programs -> Cluster.start());
  }
}
