// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The decision about one node, a pure function: its QoS configuration, its warm-up mark, and
 * whether it is to pull images.
 */
package io.nodeqos.reconcile.plan;
