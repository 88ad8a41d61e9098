// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The command line against a real control plane. */
package io.nodeqos.e2e.commands;
