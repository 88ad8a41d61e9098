// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.spec.Amount;
import io.nodeqos.policy.spec.PolicySpec.Reservation;
import io.nodeqos.policy.spec.Section;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Computes the reservation of a node for the system workloads: fixed amounts or percentages of its
 * capacity, and the requests of pods of reserved namespaces on the node. Rounded up, so that small
 * changes have no effect.
 */
public final class ReservationWorker implements QosWorker {
  /** Steps to which a reservation is rounded up. */
  public static final long CPU_STEP_MILLI = 50;

  public static final long BYTE_STEP = 64L * 1024 * 1024;

  @Override
  public String name() {
    return "reservation";
  }

  @Override
  public int order() {
    return 10;
  }

  @Override
  public Contribution plan(WorkerInput input) {
    Optional<Reservation> section = input.config().sections().reservation();
    if (section.isEmpty()) {
      return Contribution.NONE;
    }
    Resources reserved = input.heldReservation().orElseGet(() -> needed(section.get(), input));
    Map<String, Object> values = new TreeMap<>();
    values.put("cpu", Quantity.ofMilli(reserved.cpuMilli()).toString());
    values.put("memory", Quantity.ofBytes(reserved.memoryBytes()).toString());
    values.put("ephemeralStorage", Quantity.ofBytes(reserved.ephemeralStorageBytes()).toString());
    return new Contribution(
        Map.of(Section.RESERVATION.field(), values), Map.of(), Optional.of(reserved));
  }

  /** The reservation for this node without that for pods of reserved namespaces. */
  public static Resources withoutPods(Reservation section, NodeView node) {
    return amounts(section, node).roundedUpTo(CPU_STEP_MILLI, BYTE_STEP);
  }

  private static Resources amounts(Reservation section, NodeView node) {
    return new Resources(
        milli(section.cpu(), node, "cpu"),
        units(section.memory(), node, "memory"),
        units(section.ephemeralStorage(), node, "ephemeral-storage"));
  }

  private static Resources needed(Reservation section, WorkerInput input) {
    Resources needed = amounts(section, input.node());
    if (section.countReservedPods()) {
      for (PodView pod : input.reserved().pods()) {
        if (!pod.finished()) {
          needed = needed.plus(pod.requests());
        }
      }
    }
    return needed.roundedUpTo(CPU_STEP_MILLI, BYTE_STEP);
  }

  private static long milli(Optional<Amount> amount, NodeView node, String resource) {
    return amount.map(a -> a.milliOf(capacity(node, resource).milliFloor())).orElse(0L);
  }

  private static long units(Optional<Amount> amount, NodeView node, String resource) {
    return amount.map(a -> a.unitsOf(capacity(node, resource).floor())).orElse(0L);
  }

  private static Quantity capacity(NodeView node, String resource) {
    return node.status().capacity().getOrDefault(resource, Quantity.of(0));
  }
}
