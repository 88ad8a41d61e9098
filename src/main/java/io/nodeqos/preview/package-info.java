// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The decisions of the controller about a snapshot of a cluster, without a write: the snapshot
 * itself, and what policies would do to its nodes.
 */
package io.nodeqos.preview;
