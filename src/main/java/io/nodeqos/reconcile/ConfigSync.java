// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.MetadataChange;
import io.nodeqos.node.NodeMemory.ReservationMemory;
import io.nodeqos.node.Quantity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration half of a plan.
 *
 * @param problem why the configuration stays as it is although it should change; empty normally
 */
record ConfigSync(
    MetadataChange metadata,
    Map<String, Quantity> setResources,
    Set<String> removeResources,
    ReservationMemory memory,
    Optional<Instant> checkAgainAt,
    Optional<String> problem) {}
