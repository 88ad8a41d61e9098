// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The command {@code rollout}: how far a change of a policy has come, what a person can do about
 * it, the recorded versions of the policy, and the way back to one.
 */
package io.nodeqos.cli.rollout;
