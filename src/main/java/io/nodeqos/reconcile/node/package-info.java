// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The reconcile of one node: observe, decide, admit, write, report. {@link
 * io.nodeqos.reconcile.node.NodeReconciler} reads the node, {@link
 * io.nodeqos.reconcile.node.NodeConvergence} has the order of the steps, {@link
 * io.nodeqos.reconcile.node.NodeDecider} decides and admits, {@link
 * io.nodeqos.reconcile.node.PlanWriter} writes; {@code DecisionReport}, {@code WriteReport} and
 * {@code SyncReport} report each step. Read them in this order.
 */
package io.nodeqos.reconcile.node;
