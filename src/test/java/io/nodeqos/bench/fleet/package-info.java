// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * The nodes and policies that a benchmark makes on the server, or lets a program between controller
 * and server make.
 */
package io.nodeqos.bench.fleet;
