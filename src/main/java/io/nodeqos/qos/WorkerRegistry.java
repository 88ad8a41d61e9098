// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.Quantity;
import io.nodeqos.node.Resources;
import io.nodeqos.policy.PolicyCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The workers, in the order in which they plan. Thread-safe. */
public final class WorkerRegistry {
  private final List<ManagedWorker> workers;

  private WorkerRegistry(List<ManagedWorker> workers) {
    this.workers = workers;
  }

  public static WorkerRegistry of(Iterable<QosWorker> workers, WorkerObserver observer) {
    List<ManagedWorker> managed = new ArrayList<>();
    workers.forEach(w -> managed.add(new ManagedWorker(w, observer)));
    managed.sort(Comparator.comparingInt(ManagedWorker::order).thenComparing(ManagedWorker::name));
    return new WorkerRegistry(List.copyOf(managed));
  }

  /** All workers on the class path, built-in and foreign. */
  public static WorkerRegistry discovered(WorkerObserver observer) {
    return of(ServiceLoader.load(QosWorker.class), observer);
  }

  /**
   * What all workers make of one node.
   *
   * @param config sections of the configuration annotation
   * @param reservation what the reservation worker reserves; empty without a reservation section
   * @param failed names of the workers that gave no answer: the node must stay as it is
   */
  public record Planned(
      Map<String, Object> config,
      Map<String, Quantity> extendedResources,
      Optional<Resources> reservation,
      List<String> failed) {}

  public void start() {
    workers.forEach(ManagedWorker::start);
  }

  public void updateConfig(PolicyCatalog.Snapshot policies) {
    workers.forEach(w -> w.updateConfig(policies));
  }

  /** Asks every worker; never throws. */
  public Planned plan(WorkerInput input) {
    Map<String, Object> config = new TreeMap<>();
    Map<String, Quantity> resources = new TreeMap<>();
    List<String> failed = new ArrayList<>();
    WorkerInput current = input;
    Optional<Resources> reservation = Optional.empty();
    for (ManagedWorker worker : workers) {
      Optional<Contribution> contribution = worker.plan(current);
      if (contribution.isEmpty()) {
        failed.add(worker.name());
        continue;
      }
      config.putAll(contribution.get().config());
      resources.putAll(contribution.get().extendedResources());
      if (contribution.get().reservation().isPresent()) {
        reservation = contribution.get().reservation();
        current = current.withReservation(reservation.get());
      }
    }
    return new Planned(config, resources, reservation, List.copyOf(failed));
  }

  /** Stops in reverse order. */
  public void stop() {
    for (int i = workers.size() - 1; i >= 0; i--) {
      workers.get(i).stop();
    }
  }

  public List<WorkerStatus> status() {
    return workers.stream().map(ManagedWorker::status).toList();
  }
}
