// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The command {@code plan}. */
package io.nodeqos.cli.plan;
