// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The decision about one node, a pure function: the QoS configuration and the warm-up mark that it
 * should have, and whether it is to pull images.
 */
package io.nodeqos.reconcile.plan;
