// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The core of the controller: observe a node, decide its wanted state ({@link
 * io.nodeqos.reconcile.plan.NodePlanner}, a pure function), let the {@link
 * io.nodeqos.reconcile.Admission}s remove changes that may not happen now, write the difference,
 * report. The interfaces are the ports through which it reads and writes the cluster.
 */
package io.nodeqos.reconcile;
