// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Instant;
import java.util.Optional;

/**
 * One term of this process.
 *
 * @param epoch {@code leaseTransitions} of the Lease, from 1 on, and after 2147483647 again from 1;
 *     0 without leader election
 * @param since when the term was acquired, by the wall clock
 * @param previousHolder the holder of the Lease before, also when it was released or expired, as
 *     far as this process saw it
 * @param previousRenewTime when the previous holder last renewed or released the Lease, by its own
 *     clock
 */
public record LeaderTerm(
    long epoch,
    Instant since,
    Optional<String> previousHolder,
    Optional<Instant> previousRenewTime) {}
