// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.policy.spec.GateKind;

/**
 * The answer of one gate of a policy.
 *
 * @param name distinguishes it from the other gates of the policy
 * @param open whether it counts as open; after its timeout it may be released although its result
 *     is not open
 */
public record GateCheck(String name, GateKind kind, boolean open, GateResult result) {}
