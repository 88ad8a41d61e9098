// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import io.nodeqos.realapi.ProgramExtension;

/** Gives tests a real {@link Cluster} of their own, which enforces network policies. */
final class EnforcingClusterExtension extends ProgramExtension<Cluster> {
  EnforcingClusterExtension() {
    super(
        Cluster.class,
        "cluster",
        "--no-build --network-policy",
        programs -> Cluster.start("--network-policy"));
  }
}
