// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The contract of the leader election on one Lease: {@link io.nodeqos.election.Leadership} is the
 * interface for the rest of the controller, {@link io.nodeqos.election.Fence} the check before
 * every write, {@link io.nodeqos.election.LeaseStore} the interface for an adapter.
 */
package io.nodeqos.election;
