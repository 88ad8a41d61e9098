// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

/**
 * The answer of one gate of a policy.
 *
 * @param name tells it from the other gates of the policy
 * @param kind the field of {@code spec.warmUp} that it comes from
 * @param open its timeout may have released it, though its result says otherwise
 */
public record GateCheck(String name, String kind, boolean open, GateResult result) {}
