// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.events.QosEvent;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.Trigger;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeWrites;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.reconcile.images.ImagePullers;
import io.nodeqos.reconcile.images.PullSlots;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.reconcile.node.DecisionReport;
import io.nodeqos.reconcile.node.FailedWrites;
import io.nodeqos.reconcile.node.KnownNodes;
import io.nodeqos.reconcile.node.NodeConvergence;
import io.nodeqos.reconcile.node.NodeDecider;
import io.nodeqos.reconcile.node.NodeObserver;
import io.nodeqos.reconcile.node.NodeReader;
import io.nodeqos.reconcile.node.NodeReconciler;
import io.nodeqos.reconcile.node.NodeReport;
import io.nodeqos.reconcile.node.NodeTrace;
import io.nodeqos.reconcile.node.OrphanReport;
import io.nodeqos.reconcile.node.PlanWriter;
import io.nodeqos.reconcile.node.SyncReport;
import io.nodeqos.reconcile.node.WriteAnnotations;
import io.nodeqos.reconcile.node.WriteReport;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.tracing.Tracing;
import io.nodeqos.telemetry.tracing.TriggerKind;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one controller process has of its own: caches, memory, fence. The API server is shared. */
public final class TestProcess {
  static final RetryDelays AFTER_CONFLICTS = failures -> Duration.ofSeconds(failures);
  public static final RetryDelays AFTER_FAILURES = failures -> Duration.ofMinutes(failures);

  public static final Duration ORPHAN_GRACE = Duration.ofMinutes(2);

  final FakeNodeWriter api;
  final FakeTime time;
  public final FakeCluster cluster = new FakeCluster();
  public final ToggledFence fence = new ToggledFence();
  public final FleetIndex fleet = new FleetIndex();
  public final NodeWrites nodeWrites = new NodeWrites();
  public final Undecided undecided = new Undecided();
  public final WriteDamping damping = new WriteDamping();
  public final PolicyCatalog policies;
  public final RecentEvents events = new RecentEvents(1000);
  public final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  public final List<String> policiesTold = new ArrayList<>();
  final List<String> nodesFreed = new ArrayList<>();
  public final List<String> nodesToPull = new ArrayList<>();
  public final FakeSpinners spinners = new FakeSpinners();
  BrakeSettings brakeSettings = BrakeSettings.DEFAULT;
  final PullSlots images;
  public final Brake brake;
  final NodeObserver observer;
  final WorkerRegistry workers;
  final NodePlanner planner;
  final NodeReconciler reconciler;
  final WorkerPool.Handler handler;

  public TestProcess(FakeNodeWriter api, FakeTime time, PolicyObject... policies) {
    this(api, time, Tracing.off(), AFTER_CONFLICTS, AFTER_FAILURES, policies);
  }

  TestProcess(FakeNodeWriter api, FakeTime time, WorkerRegistry workers, PolicyObject... policies) {
    this(api, time, workers, Tracing.off(), AFTER_CONFLICTS, AFTER_FAILURES, policies);
  }

  TestProcess(
      FakeNodeWriter api,
      FakeTime time,
      RetryDelays afterConflicts,
      RetryDelays afterFailures,
      PolicyObject... policies) {
    this(api, time, Tracing.off(), afterConflicts, afterFailures, policies);
  }

  TestProcess(
      FakeNodeWriter api,
      FakeTime time,
      Tracing tracing,
      RetryDelays afterConflicts,
      RetryDelays afterFailures,
      PolicyObject... policies) {
    this(
        api,
        time,
        Plans.workers(PluginSettings.DEFAULTS),
        tracing,
        afterConflicts,
        afterFailures,
        policies);
  }

  private TestProcess(
      FakeNodeWriter api,
      FakeTime time,
      WorkerRegistry workers,
      Tracing tracing,
      RetryDelays afterConflicts,
      RetryDelays afterFailures,
      PolicyObject... policies) {
    this.api = api;
    this.time = time;
    this.workers = workers;
    this.planner = Plans.planner(workers);
    TimeSource source = time.source();
    this.policies = PolicyFixture.catalog(policies);
    this.brake =
        new Brake(
            this.policies,
            () -> cluster.nodeNames().size(),
            () -> brakeSettings,
            new Brake.Listener() {
              @Override
              public void policyChanged(String policy) {
                policiesTold.add(policy);
              }

              @Override
              public void freed(String node) {
                nodesFreed.add(node);
              }
            });
    this.images = new PullSlots(SpinnerSettings.DEFAULTS, cluster, fence, nodesToPull::add);
    this.observer =
        new NodeObserver(
            cluster,
            this.policies,
            fleet,
            new ImagePullers(SpinnerSettings.DEFAULTS, spinners),
            source);
    this.reconciler = reconciler(source, afterConflicts, afterFailures);
    this.handler = new TracedHandler(tracing, Tracing.Work.NODE, reconciler);
  }

  private NodeReconciler reconciler(
      TimeSource source, RetryDelays afterConflicts, RetryDelays afterFailures) {
    NodeReport report =
        new NodeReport(metrics.nodes(), metrics.sync(), publisher(), source, policiesTold::add);
    NodeTrace trace = new NodeTrace(fence);
    DecisionReport decisions =
        new DecisionReport(
            fleet,
            trace,
            new OrphanReport(publisher(), fence, source, () -> ORPHAN_GRACE),
            report,
            metrics.sync(),
            workers);
    KnownNodes known =
        new KnownNodes(List.of(decisions, brake, images, nodeWrites, undecided, damping), source);
    WriteReport writes = new WriteReport(fleet, nodeWrites, report, trace, source);
    PlanWriter writer =
        new PlanWriter(
            api, new WriteAnnotations(fence, Keys.TRACEPARENT), fleet, damping, writes, source);
    return new NodeReconciler(
        new NodeReader(cluster, fleet, api, known, source),
        new NodeConvergence(
            new NodeDecider(observer, planner, List.of(brake, images)),
            decisions,
            writer,
            writes,
            fence,
            source),
        new FailedWrites(cluster, fleet, report, afterConflicts, afterFailures),
        known,
        new SyncReport(metrics.sync(), undecided, fence, source));
  }

  public PolicyCensus census() {
    return new PolicyCensus(cluster, policies, fleet);
  }

  public EventPublisher publisher() {
    return new EventPublisher(events, policies, fence, time.source());
  }

  /** A process that leads. */
  public static TestProcess leader(FakeNodeWriter api, FakeTime time, PolicyObject... policies) {
    TestProcess process = new TestProcess(api, time, policies);
    process.fence.open();
    return process;
  }

  /** The caches reach the state of the API server. */
  public TestProcess catchUp() {
    List.copyOf(cluster.nodeNames()).forEach(cluster::hide);
    api.nodes().forEach(cluster::show);
    return this;
  }

  public Outcome reconcile(String node) {
    return reconcile(node, new Trigger(TriggerKind.NODE, ""));
  }

  public Outcome reconcile(String node, Trigger trigger) {
    return reconciler.handle(new WorkItem(node, Lane.CHANGE, trigger, Duration.ZERO, 1));
  }

  /** Reconciles with caches that are up to date, before and after. */
  public Outcome reconcileFresh(String node) {
    catchUp();
    Outcome outcome = reconcile(node);
    catchUp();
    return outcome;
  }

  public List<QosEvent.Type> eventTypes() {
    return events.latest().stream().map(QosEvent::type).toList();
  }
}
