// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Faults of the server, of other writers and of the input, and what the controller makes of them.
 */
package io.nodeqos.e2e.faults;
