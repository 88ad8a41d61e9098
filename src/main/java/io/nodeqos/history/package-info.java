// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What happened to each node, kept by every replica. It is derived from the Nodes as the cache sees
 * them change and not from the deeds of this process, so that all replicas tell the same. The store
 * is H2's MVStore: one small jar without dependencies, a log-structured file that is whole up to
 * the last commit after a kill, closes itself on a full disk and can be compacted to a bound.
 */
package io.nodeqos.history;
