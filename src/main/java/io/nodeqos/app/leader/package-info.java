// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Start and end of leading: the first work of a new leader, its watchdog, and the hand-over. */
package io.nodeqos.app.leader;
