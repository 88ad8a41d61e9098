// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Rollouts of a policy, step by step. */
package io.nodeqos.e2e.rollout;
