// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The rules of warm-up, one class a gate. A gate is a pure function of the node and of what the
 * reserved namespaces hold for it: open, waiting for named blockers, or unknown.
 */
package io.nodeqos.gate;
