// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The reconcile of one node: observe, decide, admit, write, report. Read {@link
 * io.nodeqos.reconcile.node.NodeReconciler} first.
 */
package io.nodeqos.reconcile.node;
