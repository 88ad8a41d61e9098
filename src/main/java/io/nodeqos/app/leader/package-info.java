// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Start and end of a term: the first work of a new leader, its watchdog, and the release of the
 * Lease.
 */
package io.nodeqos.app.leader;
