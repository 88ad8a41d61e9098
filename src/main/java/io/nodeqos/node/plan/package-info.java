// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The plan for one node: what is written to it, and what happens to it by that. */
package io.nodeqos.node.plan;
