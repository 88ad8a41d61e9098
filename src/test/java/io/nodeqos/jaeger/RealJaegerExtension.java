// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import io.nodeqos.realapi.ProgramExtension;

/** The work behind {@link RealJaeger}. */
final class RealJaegerExtension extends ProgramExtension<Jaeger> {
  RealJaegerExtension() {
    super(Jaeger.class, "jaeger", "--no-build", Jaeger::start);
  }
}
