// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import io.nodeqos.realapi.ProgramExtension;

/** The work behind {@link RealPromtool}. */
final class RealPromtoolExtension extends ProgramExtension<Promtool> {
  RealPromtoolExtension() {
    super(Promtool.class, "promtool", "--no-get", Promtool::new);
  }
}
