// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** {@code nodeqos dump}: the inputs of all decisions, in a file. */
package io.nodeqos.cli.dump;
