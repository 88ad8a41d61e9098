// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Instant;
import java.util.Optional;

/**
 * What this process knows of the Lease. The times are those written by the holder's clock.
 *
 * @param identity of this process
 * @param leading whether this process leads and its fence is not closed by time
 * @param holder who holds the Lease; empty when nobody does or nothing is known yet
 * @param epoch {@code leaseTransitions} of the Lease; 0 when unknown
 * @param since when the holder took it
 * @param lastRenew when the holder renewed it last
 */
public record LeadershipStatus(
    String identity,
    boolean leading,
    Optional<String> holder,
    long epoch,
    Optional<Instant> since,
    Optional<Instant> lastRenew) {}
