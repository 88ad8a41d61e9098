// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What all commands share: the options for the cluster and the output, exit codes, and the sentence
 * for a mistake.
 */
package io.nodeqos.cli.command;
