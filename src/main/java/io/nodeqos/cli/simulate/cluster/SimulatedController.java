// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.config.ControllerSettings;
import io.nodeqos.events.EventSink;
import io.nodeqos.kube.write.FencedWrites;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.FreshNodes;
import io.nodeqos.reconcile.LeaderHandler;
import io.nodeqos.reconcile.TracedHandler;
import io.nodeqos.reconcile.WorkerReport;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeWrites;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.fleet.PolicyReach;
import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.reconcile.images.ImageProblemReport;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.images.PullSlots;
import io.nodeqos.reconcile.images.SpinnerReconciler;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.reconcile.node.DecisionReport;
import io.nodeqos.reconcile.node.FailedWrites;
import io.nodeqos.reconcile.node.KnownNodes;
import io.nodeqos.reconcile.node.NodeConvergence;
import io.nodeqos.reconcile.node.NodeDecider;
import io.nodeqos.reconcile.node.NodeReader;
import io.nodeqos.reconcile.node.NodeReconciler;
import io.nodeqos.reconcile.node.NodeReport;
import io.nodeqos.reconcile.node.NodeTrace;
import io.nodeqos.reconcile.node.NodeWriter;
import io.nodeqos.reconcile.node.OrphanReport;
import io.nodeqos.reconcile.node.PlanWriter;
import io.nodeqos.reconcile.node.SyncReport;
import io.nodeqos.reconcile.node.WriteAnnotations;
import io.nodeqos.reconcile.node.WriteReport;
import io.nodeqos.reconcile.policies.DryRuns;
import io.nodeqos.reconcile.policies.PolicyWrites;
import io.nodeqos.reconcile.policies.RevisionReconciler;
import io.nodeqos.reconcile.rollout.report.RolloutReport;
import io.nodeqos.reconcile.routing.BrakeRouter;
import io.nodeqos.reconcile.routing.ClusterListeners;
import io.nodeqos.reconcile.routing.DryRunRouter;
import io.nodeqos.reconcile.routing.FanOut;
import io.nodeqos.reconcile.routing.MissingImages;
import io.nodeqos.reconcile.routing.NodeRouter;
import io.nodeqos.reconcile.routing.PolicyNodes;
import io.nodeqos.reconcile.routing.PolicyRechecks;
import io.nodeqos.reconcile.routing.PolicyRouter;
import io.nodeqos.reconcile.routing.Resync;
import io.nodeqos.reconcile.routing.RevisionRouter;
import io.nodeqos.reconcile.routing.RolloutRouter;
import io.nodeqos.reconcile.routing.SpinnerRouter;
import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.virtual.VirtualApi;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.time.TimeSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A leader of the controller: its reconcilers, queues and routers, as {@code app} wires them, for
 * one thread that works on one key at a time. It has no Lease, no watch and no thread.
 */
public final class SimulatedController {
  private final CacheFeed feed;
  private final SimulatedCaches cluster;
  private final List<QueueWork> work;
  private final PolicyCatalog policies;
  private final FleetIndex fleet;
  private final Brake brake;

  private SimulatedController(
      CacheFeed feed,
      SimulatedCaches cluster,
      List<QueueWork> work,
      PolicyCatalog policies,
      FleetIndex fleet,
      Brake brake) {
    this.feed = feed;
    this.cluster = cluster;
    this.work = work;
    this.policies = policies;
    this.fleet = fleet;
    this.brake = brake;
  }

  /**
   * A controller that has just become the leader, with empty caches.
   *
   * @param namespace its own
   * @param reserved names of the reserved namespaces
   * @param seed of its random delays
   */
  static SimulatedController create(
      ControllerSettings settings,
      String namespace,
      Set<String> reserved,
      FencedWrites writes,
      FreshNodes fresh,
      EventSink sink,
      TimeSource time,
      long seed) {
    Random random = new Random(seed);
    LeaderFence fence = LeaderFence.INSTANCE;
    Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
    Tracing tracing = Tracing.off();
    SimulatedCaches cluster = new SimulatedCaches();
    PolicyCatalog policies =
        new PolicyCatalog(new PolicyDecoder(settings.reconcile().startupTaintPrefixes()));
    EventPublisher events = new EventPublisher(sink, policies, fence, time);
    WorkerRegistry workers =
        WorkerRegistry.discovered(
            PluginSettings.DEFAULTS, new WorkerReport(metrics.qosWorkers(), events, fence, time));
    workers.start();
    FleetIndex fleet = new FleetIndex();
    NodeWrites nodeWrites = new NodeWrites();
    Undecided undecided = new Undecided();
    WriteDamping damping = new WriteDamping();
    ImageProblems imageProblems = new ImageProblems();
    PolicyWrites policyWrites = new PolicyWrites();
    Backoff retry = new Backoff(settings.queue().retry(), random::nextDouble);
    SimulatedQueues queues = new SimulatedQueues(retry, time, metrics);
    PolicyRechecks rechecks = new PolicyRechecks(queues.policies);
    Brake brake =
        new Brake(
            policies,
            cluster::nodeCount,
            () -> settings.reconcile().brake(),
            new BrakeRouter(queues.nodes, rechecks));
    PullSlots slots =
        new PullSlots(
            settings.spinner(),
            cluster,
            fence,
            node -> queues.nodes.add(node, Lane.URGENT, Trigger.NONE));
    FanOut fanOut =
        new FanOut(
            cluster,
            fleet,
            queues.nodes,
            new PolicyNodes(
                new PolicyReach(cluster, policies, fleet),
                new MissingImages(cluster, policies, fleet, time)),
            () -> settings.reconcile().resyncPeriod(),
            random::nextDouble);
    new Resync(queues.fanOut).within(settings.reconcile().resyncPeriod());
    NodeReport report =
        new NodeReport(metrics.nodes(), metrics.sync(), events, time, rechecks::statusMayDiffer);
    NodeTrace trace = new NodeTrace(fence);
    DecisionReport decisions =
        new DecisionReport(
            fleet,
            trace,
            new OrphanReport(events, fence, time, () -> settings.reconcile().orphanTaintGrace()),
            report,
            metrics.sync(),
            workers);
    KnownNodes known =
        new KnownNodes(List.of(decisions, brake, slots, nodeWrites, undecided, damping), time);
    NodeWriter api = writes.nodes(settings.kube().extraAnnotations());
    WriteReport written = new WriteReport(fleet, nodeWrites, report, trace, time);
    PlanWriter planWriter =
        new PlanWriter(
            api,
            new WriteAnnotations(fence, settings.reconcile().traceparentKey()),
            fleet,
            damping,
            written,
            time);
    SimulatedDecisions planned = SimulatedDecisions.of(cluster, fleet, settings, workers);
    NodeDecider decider = planned.decider(policies, List.of(brake, slots), time);
    NodeReconciler nodeReconciler =
        new NodeReconciler(
            new NodeReader(cluster, fleet, api, known, time),
            new NodeConvergence(decider, decisions, planWriter, written, fence, time),
            new FailedWrites(
                cluster,
                fleet,
                report,
                retry.afterConflicts(settings.queue().conflictRetry()),
                retry),
            known,
            new SyncReport(metrics.sync(), undecided, fence, time));
    DryRunRouter dryRunRouter = new DryRunRouter(policies, rechecks);
    DryRuns dryRuns = planned.dryRuns(policies, dryRunRouter, namespace, time);
    SimulatedStatusWrites statusWrites =
        new SimulatedStatusWrites(writes, policyWrites, events, settings, retry);
    SimulatedPolicies policyWork =
        new SimulatedPolicies(policies, cluster, fleet, statusWrites, time);
    RolloutReport rolloutReport = statusWrites.report(metrics, tracing, time);
    SpinnerReconciler spinnerReconciler =
        policyWork.spinners(
            new SpinnerSpecs(settings.spinner(), namespace),
            writes.daemonSets(namespace),
            new ImageProblemReport(imageProblems, events, rechecks::statusMayDiffer),
            retry);
    RevisionReconciler revisionReconciler =
        policyWork.revisions(writes.revisions(namespace), events, namespace, retry);
    CacheFeed feed =
        CacheFeed.of(
            cluster,
            reserved,
            namespace,
            settings.kube().extraAnnotations(),
            new ClusterListeners(
                List.of(
                    new NodeRouter(queues.nodes, queues.fanOut, fleet, tracing),
                    new PolicyRouter(
                        queues.policies, queues.fanOut, policies, policyWrites, workers, tracing),
                    new SpinnerRouter(queues.spinners, queues.fanOut),
                    new RevisionRouter(queues.revisions),
                    new RolloutRouter(queues.rollouts),
                    dryRunRouter)));
    return new SimulatedController(
        feed,
        cluster,
        List.of(
            new QueueWork(queues.fanOut, fanOut),
            new QueueWork(
                queues.policies,
                new TracedHandler(
                    tracing,
                    Tracing.Work.POLICY,
                    policyWork.status(brake, imageProblems, dryRuns, fresh))),
            new QueueWork(
                queues.rollouts,
                new LeaderHandler(
                    cluster::synced,
                    fence,
                    policyWork.rollouts(queues.nodes, rechecks, rolloutReport))),
            new QueueWork(
                queues.spinners, new LeaderHandler(cluster::synced, fence, spinnerReconciler)),
            new QueueWork(
                queues.revisions, new LeaderHandler(cluster::synced, fence, revisionReconciler)),
            new QueueWork(
                queues.nodes, new TracedHandler(tracing, Tracing.Work.NODE, nodeReconciler))),
        policies,
        fleet,
        brake);
  }

  /** Fills the caches. */
  void start(VirtualApi api) {
    feed.fill(api);
    cluster.filled();
  }

  void apply(String collection, StoredEvent event) {
    feed.apply(collection, event);
  }

  /** Works on one key; false when none is ready. */
  boolean work() {
    return work.stream().anyMatch(QueueWork::work);
  }

  /** The time until the next key is ready; empty when none is to come. */
  OptionalLong nanosUntilDue() {
    return work.stream().flatMapToLong(w -> w.nanosUntilDue().stream()).min();
  }

  public SimulatedCaches cluster() {
    return cluster;
  }

  public PolicyCatalog policies() {
    return policies;
  }

  public FleetIndex fleet() {
    return fleet;
  }

  public Brake brake() {
    return brake;
  }

  public PolicyCounts counts(PolicyCatalog.Entry policy) {
    return new PolicyCensus(cluster, policies, fleet).of(policy);
  }
}
