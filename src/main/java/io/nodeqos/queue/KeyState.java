// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of one key of a queue at one moment; it can be in several places.
 *
 * @param waiting the lane in which it is ready, empty when it is not
 * @param inFlight for how long a worker has held it, empty when none does
 * @param dueIn in what time it is ready again by a delay, empty when it is not delayed
 * @param failures how many there have been in a row
 */
public record KeyState(
    Optional<Lane> waiting, Optional<Duration> inFlight, Optional<Duration> dueIn, int failures) {}
