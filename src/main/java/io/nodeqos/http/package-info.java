// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The HTTP endpoints of the process: probes and metrics on one listener, the snapshot and other
 * views for operators on a second that never leaves the machine. All content comes from suppliers.
 */
package io.nodeqos.http;
