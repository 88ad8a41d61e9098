// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.spec.PolicySpec.Reservation;
import io.nodeqos.qos.ReservationWorker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The annotation of a node from which Koordinator's scheduler reads the reservation ({@code
 * NodeReservation} in apis/extension of Koordinator 1.6), and the record that the value is ours.
 * The value of another writer stays as it is.
 *
 * @param value of the annotation
 * @param record the value that this controller has written last
 */
record KoordinatorReservation(NodeView node, Optional<String> value, Optional<String> record) {
  static KoordinatorReservation on(NodeView node) {
    return new KoordinatorReservation(
        node,
        Optional.ofNullable(node.annotations().get(Keys.KOORDINATOR_RESERVATION)),
        Optional.ofNullable(node.annotations().get(Keys.PUBLISHED_RESERVATION)));
  }

  /** True when this controller has written the annotation. */
  boolean isOurs() {
    return record.isPresent();
  }

  /** Publishes the reservation, unless the annotation is that of another writer. */
  MetadataChange published(Reservation reservation) {
    Optional<String> wanted = valueOf(reservation);
    return wanted.isEmpty() ? removed() : published(wanted.get());
  }

  /** Repairs the annotation, with the value that was written last. */
  MetadataChange kept() {
    return record.map(this::published).orElse(MetadataChange.NONE);
  }

  /** Removes the annotation, unless it is that of another writer. */
  MetadataChange removed() {
    if (record.isEmpty()) {
      return MetadataChange.NONE;
    }
    Set<String> keys = new HashSet<>(Set.of(Keys.PUBLISHED_RESERVATION));
    if (value.equals(record)) {
      keys.add(Keys.KOORDINATOR_RESERVATION);
    }
    return MetadataChange.removal(node, Set.of(), keys);
  }

  private MetadataChange published(String wanted) {
    if (value.isPresent() && !isOurs()) {
      return MetadataChange.NONE;
    }
    Map<String, String> set = new HashMap<>();
    if (!value.equals(Optional.of(wanted))) {
      set.put(Keys.KOORDINATOR_RESERVATION, wanted);
    }
    if (!record.equals(Optional.of(wanted))) {
      set.put(Keys.PUBLISHED_RESERVATION, wanted);
    }
    return new MetadataChange(Map.of(), Set.of(), set, Set.of(), Optional.empty());
  }

  /**
   * The scheduler subtracts the value from allocatable, and requests of pods as always. So the
   * value is without the part that the kubelet holds back already, and without the requests of
   * reserved pods. Empty when nothing is left.
   */
  private Optional<String> valueOf(Reservation reservation) {
    Resources amounts = ReservationWorker.withoutPods(reservation, node);
    JsonObject resources = new JsonObject();
    long cpu =
        amounts.cpuMilli()
            - Math.max(0, capacity("cpu").milliFloor() - allocatable("cpu").milliFloor());
    if (cpu > 0) {
      resources.addProperty("cpu", Quantity.ofMilli(cpu).toString());
    }
    addBytes(resources, "memory", amounts.memoryBytes());
    addBytes(resources, "ephemeral-storage", amounts.ephemeralStorageBytes());
    if (resources.isEmpty()) {
      return Optional.empty();
    }
    JsonObject value = new JsonObject();
    value.add("resources", resources);
    value.addProperty("applyPolicy", "Default");
    return Optional.of(value.toString());
  }

  private void addBytes(JsonObject resources, String name, long amount) {
    long bytes = amount - Math.max(0, capacity(name).floor() - allocatable(name).floor());
    if (bytes > 0) {
      resources.addProperty(name, Quantity.ofBytes(bytes).toString());
    }
  }

  private Quantity capacity(String name) {
    return node.divisibleCapacity(name);
  }

  private Quantity allocatable(String name) {
    return node.status().allocatable().getOrDefault(name, capacity(name));
  }
}
