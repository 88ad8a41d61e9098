// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

/** One rule of warm-up. Stateless and thread-safe; never throws on unexpected data. */
public interface Gate {
  GateResult check(GateInput input);
}
