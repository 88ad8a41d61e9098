// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.Keys;
import io.nodeqos.node.Reason;
import java.util.List;

/** Opens when a node agent has acknowledged the config version in force. */
record ConfigAppliedGate() implements Gate {
  @Override
  public GateResult check(GateInput input) {
    String version = input.config().version();
    String applied = input.node().annotations().getOrDefault(Keys.APPLIED_VERSION, "");
    return version.isEmpty() || version.equals(applied)
        ? GateResult.OPEN
        : GateResult.waiting(
            Reason.CONFIG_NOT_APPLIED,
            List.of(
                new Blocker(
                    "no node agent has applied config version " + version,
                    version,
                    input.since())));
  }
}
