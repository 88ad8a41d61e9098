// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.gate.Gates;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.dryrun.PlannedDryRuns;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.images.ImagePullers;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.node.NodeObserver;
import io.nodeqos.reconcile.plan.ConfigSyncer;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.StatusUpdater;
import io.nodeqos.reconcile.policies.DryRuns;
import io.nodeqos.reconcile.routing.DryRunRouter;
import io.nodeqos.reconcile.routing.PolicyRechecks;
import io.nodeqos.time.TimeSource;

/**
 * The evaluation of dry runs, and of edits that are not applied. It has workers of its own, so that
 * no call counts as one of the controller; plug-in workers are not asked, as they would learn
 * policies that are not in force.
 */
final class DryRunWiring {
  final DryRunRouter router;
  final DryRuns dryRuns;

  private final BaseWiring base;
  private final FleetIndex fleet;
  private final WorkerRegistry workers =
      WorkerRegistry.discovered(PluginSettings.DEFAULTS, WorkerObserver.NONE);

  DryRunWiring(BaseWiring base, PolicyCatalog policies, FleetIndex fleet, PolicyRechecks rechecks) {
    this.base = base;
    this.fleet = fleet;
    router = new DryRunRouter(policies, rechecks);
    dryRuns =
        new PlannedDryRuns(
            policies,
            this::planner,
            router::changes,
            () -> settings().policyStatusInterval(),
            base.time);
    workers.start();
  }

  private PolicyPlanner planner() {
    TimeSource now = base.time.stopped();
    return new PolicyPlanner(
        policies -> planner(policies, now),
        new SpinnerSpecs(spinnerSettings(), base.identity.namespace()),
        settings(),
        base.settings.get().kube().writeRate().perSecond(),
        FleetPass.ONE_BY_ONE);
  }

  /**
   * Plans the nodes of the caches.
   *
   * @param now its clocks stand still
   */
  FleetPlanner planner(PolicyCatalog policies, TimeSource now) {
    return new FleetPlanner(
        base.cluster,
        new NodeObserver(
            base.cluster, policies, fleet, new ImagePullers(spinnerSettings(), base.cluster), now),
        new NodePlanner(
            new ConfigSyncer(
                workers, () -> settings().damping(), () -> settings().publishReservation()),
            new StatusUpdater(
                new Gates(() -> settings().transientTaints()), () -> settings().damping())));
  }

  private ReconcileSettings settings() {
    return base.settings.get().reconcile();
  }

  private SpinnerSettings spinnerSettings() {
    return base.settings.get().spinner();
  }
}
