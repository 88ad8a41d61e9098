// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The brake: no change takes the warm-up mark from a large part of a fleet without an operator who
 * confirms it.
 */
package io.nodeqos.reconcile.brake;
