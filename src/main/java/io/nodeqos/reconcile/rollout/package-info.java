// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Lets a change of a policy out to its nodes step by step, and takes it back when too many nodes
 * fail with it.
 */
package io.nodeqos.reconcile.rollout;
