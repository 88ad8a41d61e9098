// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The rules of warm-up, one class a gate. A gate is a pure function of the node and of the objects
 * that the reserved namespaces hold for it. Its answer is open, waiting for named blockers, or
 * unknown.
 */
package io.nodeqos.gate;
