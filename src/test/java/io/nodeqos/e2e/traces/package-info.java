// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Traces in a real Jaeger. */
package io.nodeqos.e2e.traces;
