// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * NodeQoSPolicy: its types, how it is decoded and validated, and how the policies that select a
 * node are compiled into one configuration.
 */
package io.nodeqos.policy;
