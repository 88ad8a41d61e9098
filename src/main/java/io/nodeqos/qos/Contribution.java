// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The part of a node's configuration that one worker computes.
 *
 * @param config sections of the configuration annotation: maps, lists, strings and whole numbers
 * @param extendedResources written to the node's capacity and allocatable
 * @param reservation the reservation of the node, for the workers that follow
 */
public record Contribution(
    Map<String, Object> config,
    Map<String, Quantity> extendedResources,
    Optional<Resources> reservation) {
  /** Refuses nulls here, where the worker that caused them is still known. */
  public Contribution {
    config = Map.copyOf(config);
    extendedResources = Map.copyOf(extendedResources);
    Objects.requireNonNull(reservation, "reservation");
  }

  public static final Contribution NONE = new Contribution(Map.of(), Map.of(), Optional.empty());
}
