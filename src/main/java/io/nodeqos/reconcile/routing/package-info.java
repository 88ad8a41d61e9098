// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Queues the work for each event of the cluster. */
package io.nodeqos.reconcile.routing;
