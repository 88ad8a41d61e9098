// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import io.nodeqos.realapi.ProgramExtension;

/** The work behind {@link RealKustomize}. */
final class RealKustomizeExtension extends ProgramExtension<Kustomize> {
  RealKustomizeExtension() {
    super(Kustomize.class, "control-plane", "--no-build", Kustomize::new);
  }
}
