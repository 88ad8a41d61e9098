// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import io.nodeqos.gate.Gates;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.images.ImagePullers;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.node.NodeObserver;
import io.nodeqos.reconcile.plan.ConfigSyncer;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.Observation;
import io.nodeqos.reconcile.plan.StatusUpdater;
import io.nodeqos.time.TimeSource;
import java.util.List;

/**
 * Decides the nodes of a cluster by the planner of the controller, and writes nothing. Thread-safe.
 */
public final class FleetPlanner {
  private final ClusterView cluster;
  private final NodeObserver observer;
  private final NodePlanner planner;

  public FleetPlanner(ClusterView cluster, NodeObserver observer, NodePlanner planner) {
    this.cluster = cluster;
    this.observer = observer;
    this.planner = planner;
  }

  /**
   * Decides the nodes of a snapshot as a leader does that has just started, without a memory of
   * earlier decisions.
   *
   * @param policies may be others than those of the snapshot
   * @param time its clocks stand still at the time of the decisions
   */
  public static FleetPlanner of(
      SnapshotCluster cluster,
      PolicyCatalog policies,
      ReconcileSettings settings,
      SpinnerSettings spinner,
      TimeSource time) {
    // Plug-in workers are jars of the controller's pod.
    WorkerRegistry workers =
        WorkerRegistry.discovered(PluginSettings.DEFAULTS, WorkerObserver.NONE);
    workers.start();
    workers.updateConfig(policies.snapshot());
    return new FleetPlanner(
        cluster,
        new NodeObserver(
            cluster, policies, new FleetIndex(), new ImagePullers(spinner, cluster), time),
        new NodePlanner(
            new ConfigSyncer(workers, settings::damping, settings::publishReservation),
            new StatusUpdater(new Gates(() -> settings.transientTaints()), settings::damping)));
  }

  /** The policies of a snapshot, as a controller that has just started sees them. */
  public static PolicyCatalog catalog(ClusterSnapshot.Policies policies) {
    return catalog(policies, ReconcileSettings.DEFAULTS);
  }

  /**
   * The same with the settings of that controller, by which startup taints may have more prefixes.
   */
  public static PolicyCatalog catalog(
      ClusterSnapshot.Policies policies, ReconcileSettings settings) {
    PolicyCatalog catalog = new PolicyCatalog(new PolicyDecoder(settings.startupTaintPrefixes()));
    policies.revisions().forEach(catalog::apply);
    policies.objects().forEach(catalog::apply);
    return catalog;
  }

  public NodePreview decide(NodeView node) {
    Observation seen = observer.observe(node);
    return new NodePreview(seen, planner.decide(seen));
  }

  /** All nodes, by name. */
  public List<NodePreview> decideAll() {
    return nodes().stream().map(this::decide).toList();
  }

  /** The nodes of the cluster, by name. */
  public List<NodeView> nodes() {
    return cluster.nodeNames().stream()
        .sorted()
        .flatMap(name -> cluster.node(name).stream())
        .toList();
  }
}
