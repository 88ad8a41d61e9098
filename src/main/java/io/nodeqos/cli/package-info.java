// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The command line: one class per command, which builds its parts and runs them. */
package io.nodeqos.cli;
