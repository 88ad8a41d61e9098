// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** {@code nodeqos trace}: the trace of a node, read from Jaeger. */
package io.nodeqos.cli.trace;
