// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** What this process knows of each node between two reconciles, and the counts over all of them. */
package io.nodeqos.reconcile.fleet;
