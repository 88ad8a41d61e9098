// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Instant;
import java.util.Optional;

/**
 * The state of the Lease as known to this process. The times are by the holder's clock.
 *
 * @param identity of this process
 * @param leading whether this process leads and its fence has not expired
 * @param holder the holder of the Lease; empty when it has none or its state is unknown
 * @param epoch {@code leaseTransitions} of the Lease; 0 when unknown
 * @param since when the holder acquired it
 * @param lastRenew when the holder renewed it last
 */
public record LeadershipStatus(
    String identity,
    boolean leading,
    Optional<String> holder,
    long epoch,
    Optional<Instant> since,
    Optional<Instant> lastRenew) {}
