// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The state of each node that this process keeps between two reconciles, and counts over all nodes.
 */
package io.nodeqos.reconcile.fleet;
