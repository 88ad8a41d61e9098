// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.util.List;

/** The work behind {@link RealApi}. */
final class RealApiExtension extends ProgramExtension<ControlPlane> {
  RealApiExtension() {
    super(
        ControlPlane.class,
        "control-plane",
        "--no-build",
        programs -> ControlPlane.start(programs, List.of()));
  }
}
