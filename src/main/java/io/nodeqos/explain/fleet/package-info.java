// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The facts behind explanations: the nodes of a cluster, their properties, their usual times. */
package io.nodeqos.explain.fleet;
