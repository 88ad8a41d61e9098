// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Explains why nodes are not warm, and the next steps: pure functions of the same inputs as a
 * decision, and their text and JSON.
 */
package io.nodeqos.explain;
