// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** {@code nodeqos import}: policies from the configuration of comparable controllers. */
package io.nodeqos.cli.imports;
