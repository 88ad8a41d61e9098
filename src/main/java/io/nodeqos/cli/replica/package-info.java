// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The way of a command to a replica of the controller, by the kubeconfig alone. */
package io.nodeqos.cli.replica;
