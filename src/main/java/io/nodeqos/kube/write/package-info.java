// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The writes to Nodes, policies, DaemonSets and ControllerRevisions. Each goes through the fence
 * and the write limit.
 */
package io.nodeqos.kube.write;
