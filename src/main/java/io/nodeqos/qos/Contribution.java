// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a worker adds to a node's configuration.
 *
 * @param config sections of the configuration annotation: maps, lists, texts and whole numbers
 * @param extendedResources written to the node's capacity and allocatable
 * @param reservation what is reserved on the node from here on, for the workers that follow
 */
public record Contribution(
    Map<String, Object> config,
    Map<String, Quantity> extendedResources,
    Optional<Resources> reservation) {
  /** Refuses nulls while the worker that made them can still be named. */
  public Contribution {
    config = Map.copyOf(config);
    extendedResources = Map.copyOf(extendedResources);
    Objects.requireNonNull(reservation, "reservation");
  }

  public static final Contribution NONE = new Contribution(Map.of(), Map.of(), Optional.empty());
}
