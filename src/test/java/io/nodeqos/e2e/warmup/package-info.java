// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Warm-up: from the startup taint to the warm node, gate by gate. */
package io.nodeqos.e2e.warmup;
