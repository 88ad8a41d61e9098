// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.gate.Gates;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.dryrun.PlannedDryRuns;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.Admission;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.images.ImagePullers;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.node.NodeDecider;
import io.nodeqos.reconcile.node.NodeObserver;
import io.nodeqos.reconcile.plan.ConfigSyncer;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.StatusUpdater;
import io.nodeqos.reconcile.policies.DryRuns;
import io.nodeqos.reconcile.routing.DryRunRouter;
import io.nodeqos.time.TimeSource;
import java.util.List;

/** The decisions about nodes: by the policies in force, and by policies with dryRun: true. */
final class SimulatedDecisions {
  private final SimulatedCaches cluster;
  private final FleetIndex fleet;
  private final ControllerSettings settings;
  private final ImagePullers pullers;
  private final NodePlanner planner;

  private SimulatedDecisions(
      SimulatedCaches cluster,
      FleetIndex fleet,
      ControllerSettings settings,
      ImagePullers pullers,
      NodePlanner planner) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.settings = settings;
    this.pullers = pullers;
    this.planner = planner;
  }

  static SimulatedDecisions of(
      SimulatedCaches cluster,
      FleetIndex fleet,
      ControllerSettings settings,
      WorkerRegistry workers) {
    return new SimulatedDecisions(
        cluster,
        fleet,
        settings,
        new ImagePullers(settings.spinner(), cluster),
        new NodePlanner(
            new ConfigSyncer(
                workers,
                () -> settings.reconcile().damping(),
                () -> settings.reconcile().publishReservation()),
            new StatusUpdater(
                new Gates(() -> settings.reconcile().transientTaints()),
                () -> settings.reconcile().damping())));
  }

  /**
   * By the policies in force.
   *
   * @param admissions in their order
   */
  NodeDecider decider(PolicyCatalog policies, List<Admission> admissions, TimeSource time) {
    return new NodeDecider(
        new NodeObserver(cluster, policies, fleet, pullers, time), planner, admissions);
  }

  DryRuns dryRuns(PolicyCatalog policies, DryRunRouter router, String namespace, TimeSource time) {
    return new PlannedDryRuns(
        policies,
        () -> {
          TimeSource now = time.stopped();
          return new PolicyPlanner(
              catalog ->
                  new FleetPlanner(
                      cluster, new NodeObserver(cluster, catalog, fleet, pullers, now), planner),
              new SpinnerSpecs(settings.spinner(), namespace),
              settings.reconcile(),
              settings.kube().writeRate().perSecond(),
              FleetPass.ONE_BY_ONE);
        },
        router::changes,
        () -> settings.reconcile().policyStatusInterval(),
        time);
  }
}
