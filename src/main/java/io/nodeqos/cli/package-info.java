// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/** The command line: one class a command, each builds what it needs and runs it. */
package io.nodeqos.cli;
