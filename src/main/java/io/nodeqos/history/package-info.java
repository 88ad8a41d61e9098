// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The history of each node, kept by every replica. It is derived from changes of the Nodes in the
 * cache and not from the actions of this process, so that all replicas report the same. The store
 * is H2's MVStore: one small jar without dependencies, a log-structured file that is complete up to
 * the last commit after a kill and closes itself on a full disk. Its own compaction is not used:
 * moving chunks of an open file ended with a failed assertion in 2.4.240.
 */
package io.nodeqos.history;
