// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Queues the work for each event of the cluster, decision of the brake and changed setting. */
package io.nodeqos.reconcile.routing;
