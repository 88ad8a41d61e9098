// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import io.nodeqos.realapi.ProgramExtension;

/** The work behind {@link RealCluster}. */
final class RealClusterExtension extends ProgramExtension<Cluster> {
  RealClusterExtension() {
    super(Cluster.class, "cluster", "--no-build", programs -> Cluster.start());
  }
}
