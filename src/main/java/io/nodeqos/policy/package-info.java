// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * NodeQoSPolicy: its versions, which of them are in force, and how those that a node follows are
 * compiled into one configuration.
 */
package io.nodeqos.policy;
