// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** {@code nodeqos status}: how far the fleet, or one node, has come. */
package io.nodeqos.cli.status;
