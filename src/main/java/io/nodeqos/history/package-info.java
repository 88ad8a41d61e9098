// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What happened to each node, kept by every replica. It is derived from the Nodes as the cache sees
 * them change and not from the deeds of this process, so that all replicas tell the same. The store
 * is H2's MVStore: one small jar without dependencies, a log-structured file that is whole up to
 * the last commit after a kill and closes itself on a full disk. Its own ways to make a file
 * smaller are not used: moving chunks of an open file ended with a failed assertion in 2.4.240.
 */
package io.nodeqos.history;
