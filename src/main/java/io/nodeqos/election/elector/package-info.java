// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The election: client-java-extended's LeaderElector decides, over a lock that a watch of the Lease
 * feeds. And leadership without an election.
 */
package io.nodeqos.election.elector;
