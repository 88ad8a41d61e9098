// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The way of a command to a replica of the controller, by the kubeconfig alone, and to the Nodes of
 * the API server when no replica answers.
 */
package io.nodeqos.cli.replica;
