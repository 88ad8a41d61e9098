// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The capacity of a node for tenants: min(allocatable, capacity - reservation) of CPU and memory,
 * the latter without huge pages. The percentages of a quota refer to it. Zero or less when the
 * reservation leaves nothing.
 */
public record TenantCapacity(NodeView node, Resources reservation) {
  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";
  private static final String EPHEMERAL_STORAGE = "ephemeral-storage";

  long cpuMilli() {
    return Math.min(
        allocatable(CPU).milliFloor(), capacity(CPU).milliFloor() - reservation.cpuMilli());
  }

  long memoryBytes() {
    return Math.min(
        allocatable(MEMORY).floor(), capacity(MEMORY).floor() - reservation.memoryBytes());
  }

  /**
   * A clause with the resource of which nothing is left and the reason; empty when some is left.
   */
  public Optional<String> shortage() {
    return Stream.of(
            cpuMilli() > 0
                ? Optional.<String>empty()
                : clause(CPU, Quantity.ofMilli(reservation.cpuMilli())),
            memoryBytes() > 0
                ? Optional.<String>empty()
                : clause(MEMORY, Quantity.ofBytes(reservation.memoryBytes())),
            // Kubelets may report none; then it is not checked.
            capacity(EPHEMERAL_STORAGE).floor() <= 0
                    || capacity(EPHEMERAL_STORAGE).floor() > reservation.ephemeralStorageBytes()
                ? Optional.<String>empty()
                : clause(EPHEMERAL_STORAGE, Quantity.ofBytes(reservation.ephemeralStorageBytes())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> clause(String resource, Quantity reserved) {
    return Optional.of(
        reserved.compareTo(capacity(resource)) >= 0
            ? "the reservation of "
                + reserved
                + " "
                + resource
                + " leaves nothing of the node's "
                + capacity(resource)
            : "the node has no allocatable " + resource);
  }

  private Quantity capacity(String resource) {
    return node.divisibleCapacity(resource);
  }

  private Quantity allocatable(String resource) {
    Map<String, Quantity> allocatable = node.status().allocatable();
    return allocatable.getOrDefault(resource, capacity(resource));
  }
}
