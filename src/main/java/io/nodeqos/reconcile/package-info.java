// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The story of the controller: observe a node, decide what it should carry ({@link
 * io.nodeqos.reconcile.plan.NodePlanner}, a pure function), let the {@link
 * io.nodeqos.reconcile.Admission}s take out what may not happen now, write the difference, report.
 * The interfaces are the ports through which it sees and changes the cluster.
 */
package io.nodeqos.reconcile;
