// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The rollout of a policy change: its strategy in {@code spec.rollout}, its record in {@code
 * status.rollout}, and the request of an operator. No class here knows a policy.
 */
package io.nodeqos.policy.rollout;
