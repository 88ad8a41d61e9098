// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigValue;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.time.TimeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The workers, in the order in which they plan. Thread-safe. */
public final class WorkerRegistry {
  private final List<ManagedWorker> workers;

  private WorkerRegistry(List<ManagedWorker> workers) {
    this.workers = workers;
  }

  /** These workers, treated as built in. */
  public static WorkerRegistry of(Iterable<QosWorker> workers, WorkerObserver observer) {
    return of(workers, List.of(), PluginSettings.DEFAULTS, observer);
  }

  /** All workers: the built-in ones, others on the class path, and plug-ins in jars. */
  public static WorkerRegistry discovered(PluginSettings settings, WorkerObserver observer) {
    List<QosWorker> builtIn = new ArrayList<>();
    List<Plugins.Candidate> plugins = new ArrayList<>(Plugins.onClassPath(builtIn::add));
    settings.directory().ifPresent(directory -> plugins.addAll(Plugins.in(directory)));
    return of(builtIn, plugins, settings, observer);
  }

  static WorkerRegistry of(
      Iterable<QosWorker> builtIn,
      List<Plugins.Candidate> plugins,
      PluginSettings settings,
      WorkerObserver observer) {
    TimeSource time = TimeSource.system();
    List<ManagedWorker> workers = new ArrayList<>();
    for (QosWorker worker : builtIn) {
      workers.add(
          new ManagedWorker(
              worker,
              new ManagedWorker.Identity(worker.name(), worker.order(), false),
              WorkerInvoker.INLINE,
              observer,
              time));
    }
    Set<String> taken = new HashSet<>(workers.stream().map(ManagedWorker::name).toList());
    for (Plugins.Candidate candidate : plugins) {
      workers.add(PluginWorkers.managed(candidate, taken, settings.deadline(), observer, time));
    }
    workers.sort(
        Comparator.comparing(ManagedWorker::isPlugin)
            .thenComparingInt(ManagedWorker::order)
            .thenComparing(ManagedWorker::name));
    return new WorkerRegistry(List.copyOf(workers));
  }

  /**
   * The combined result of all workers for one node.
   *
   * @param config sections of the configuration annotation
   * @param reservation the result of the reservation worker; empty without a reservation section
   * @param failed names of the built-in workers that did not answer: the node must stay as it is
   * @param retained the contributions that must stay because a plug-in worker did not answer
   */
  public record Planned(
      Map<String, Object> config,
      Map<String, Quantity> extendedResources,
      Optional<Resources> reservation,
      List<String> failed,
      RetainedContributions retained) {}

  public void start() {
    workers.forEach(ManagedWorker::start);
  }

  /** True when the answer about a node may depend on policies that do not select it. */
  public boolean hasPlugins() {
    return workers.stream().anyMatch(ManagedWorker::isPlugin);
  }

  /** Does not wait for plug-in workers. */
  public void updateConfig(PolicySnapshot policies) {
    workers.forEach(w -> w.updateConfig(policies));
  }

  /**
   * Calls every worker; never throws. Takes as long as plug-in workers may take. The status of each
   * worker counts its calls and failures and keeps its last error, and the observer is informed;
   * what a worker has contributed stays on nodes when it does not answer later.
   */
  public Planned plan(WorkerInput input) {
    Map<String, Object> config = new TreeMap<>();
    Map<String, Quantity> resources = new TreeMap<>();
    List<String> failed = new ArrayList<>();
    List<ManagedWorker> silent = new ArrayList<>();
    List<ManagedWorker> answering = new ArrayList<>();
    WorkerInput current = input;
    Optional<Resources> reservation = Optional.empty();
    for (ManagedWorker worker : workers) {
      Optional<Contribution> contribution =
          worker.plan(
              current,
              made -> {
                if (worker.isPlugin()) {
                  checkRoom(made, config, resources, input.config());
                }
              });
      if (contribution.isEmpty()) {
        if (worker.isPlugin()) {
          silent.add(worker);
        } else {
          failed.add(worker.name());
        }
        continue;
      }
      answering.add(worker);
      config.putAll(contribution.get().config());
      resources.putAll(contribution.get().extendedResources());
      if (contribution.get().reservation().isPresent()) {
        reservation = contribution.get().reservation();
        current = current.withReservation(reservation.get());
      }
    }
    return new Planned(
        config,
        resources,
        reservation,
        List.copyOf(failed),
        new RetainedContributions(silent, answering));
  }

  /**
   * Some workers do not answer, and a node has no room for their sections: the status of each
   * reports this until it answers.
   *
   * @param names of the workers
   */
  public void crowdedOut(Collection<String> names, String node) {
    if (!names.isEmpty()) {
      workers.stream().filter(w -> names.contains(w.name())).forEach(w -> w.crowdedOut(node));
    }
  }

  /** A plug-in worker must not use names of other workers, and must leave them enough room. */
  private static void checkRoom(
      Contribution made,
      Map<String, Object> config,
      Map<String, Quantity> resources,
      CompiledConfig compiled) {
    for (String section : made.config().keySet()) {
      if (config.containsKey(section)) {
        throw new PluginProblem("another worker writes the section " + section);
      }
    }
    for (String resource : made.extendedResources().keySet()) {
      if (resources.containsKey(resource)) {
        throw new PluginProblem("another worker advertises the resource " + resource);
      }
    }
    if (!made.config().isEmpty()) {
      Map<String, Object> all = new TreeMap<>(config);
      all.putAll(made.config());
      Optional<String> tooLarge = ConfigValue.of(compiled, all).tooLarge();
      if (tooLarge.isPresent()) {
        throw new PluginProblem("with its sections " + tooLarge.get());
      }
    }
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
