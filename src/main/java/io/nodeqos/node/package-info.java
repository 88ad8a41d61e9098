// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The domain in plain Java: the node, the pod and the DaemonSet as inputs of the decision; its
 * result is in {@code node.plan}. All types are immutable; none of them depends on HTTP, JSON or
 * Kubernetes client types.
 */
package io.nodeqos.node;
