// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import io.nodeqos.realapi.ProgramExtension;

/** The work behind {@link RealHelm}. */
final class RealHelmExtension extends ProgramExtension<Helm> {
  RealHelmExtension() {
    super(Helm.class, "helm", "--no-build", Helm::new);
  }
}
