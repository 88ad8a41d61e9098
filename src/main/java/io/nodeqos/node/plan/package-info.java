// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The plan for one node: the changes to write, and the transitions that they cause. */
package io.nodeqos.node.plan;
