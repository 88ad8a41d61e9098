// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The domain in plain Java: what a node, a pod and a DaemonSet look like to the decision, and what
 * the decision is. Everything here is immutable; nothing here knows of HTTP, JSON or Kubernetes
 * client types.
 */
package io.nodeqos.node;
