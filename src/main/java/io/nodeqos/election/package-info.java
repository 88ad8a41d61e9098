// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Who may write. One Lease elects the leader: client-java-extended's LeaderElector decides, over a
 * lock that a watch on the Lease feeds. {@link io.nodeqos.election.Leadership} is what the rest of
 * the controller sees of it, {@link io.nodeqos.election.Fence} what every writer asks, {@link
 * io.nodeqos.election.LeaseStore} what an adapter must offer.
 */
package io.nodeqos.election;
