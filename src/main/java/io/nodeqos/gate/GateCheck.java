// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.policy.GateKind;

/**
 * The answer of one gate of a policy.
 *
 * @param name tells it from the other gates of the policy
 * @param open its timeout may have released it, though its result says otherwise
 */
public record GateCheck(String name, GateKind kind, boolean open, GateResult result) {}
