// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Instant;
import java.util.Optional;

/**
 * One term of this process.
 *
 * @param epoch {@code leaseTransitions} of the Lease, from 1 on, and after 2147483647 from 1 again;
 *     0 without leader election
 * @param since when the term was taken, wall clock
 * @param previousHolder who held the Lease before, also when it was released or ran out, as far as
 *     this process saw it
 * @param previousRenewTime when that one last renewed the Lease or gave it back, by its own clock
 */
public record LeaderTerm(
    long epoch,
    Instant since,
    Optional<String> previousHolder,
    Optional<Instant> previousRenewTime) {}
