// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.election.Fence;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Instants;
import io.nodeqos.node.value.ResourceVersions;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.NodeState.Awaited;
import io.nodeqos.reconcile.fleet.WrittenThings;
import io.nodeqos.reconcile.images.ImageRollout;
import io.nodeqos.reconcile.node.NodeWriter.ReadResult;
import io.nodeqos.reconcile.plan.NodePlanner;
import io.nodeqos.telemetry.logging.LogContext;
import io.nodeqos.telemetry.metrics.SyncMetrics;
import io.nodeqos.telemetry.tracing.TriggerKind;
import io.nodeqos.telemetry.tracing.WorkTrace;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The story of one node: observe it in the caches, decide what it should carry, write the
 * difference when this process leads, report. Called by many workers at once, never by two for the
 * same node.
 */
public final class NodeReconciler implements WorkerPool.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReconciler.class);

  /** How long the caches may take to show our own write; then the API server is asked. */
  private static final Duration CACHE_GRACE = Duration.ofSeconds(5);

  /** While the caches fill nothing is decided; a worker that comes too early looks again. */
  private static final Duration UNTIL_SYNCED = Duration.ofSeconds(1);

  private final ClusterView cluster;
  private final FleetIndex fleet;
  private final Writing writing;
  private final Reporting reporting;
  private final ImageRollout images;
  private final NodeDecider decider;
  private final PlanWriter planWriter;
  private final WriteReport told;

  /**
   * How it writes.
   *
   * @param brake holds back what of a plan would take marks
   * @param afterConflicts delays after a second conflict in a row
   * @param afterFailures delays after anything else that may pass
   */
  public record Writing(
      NodeWriter writer,
      Fence fence,
      RideAlong rideAlong,
      Brake brake,
      RetryDelays afterConflicts,
      RetryDelays afterFailures) {}

  /** Whom it tells, by its clocks. */
  public record Reporting(
      SyncMetrics metrics,
      NodeReport report,
      OrphanReport orphans,
      NodeTrace trace,
      TimeSource time) {}

  /**
   * @param images says on which nodes images are pulled
   */
  public NodeReconciler(
      ClusterView cluster,
      PolicyCatalog policies,
      NodePlanner planner,
      FleetIndex fleet,
      Writing writing,
      Reporting reporting,
      ImageRollout images) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.writing = writing;
    this.reporting = reporting;
    this.images = images;
    this.told = new WriteReport(fleet, reporting);
    this.decider =
        new NodeDecider(
            cluster,
            policies,
            fleet,
            new NodeDecider.Rules(planner, writing.brake(), images),
            reporting);
    this.planWriter = new PlanWriter(fleet, writing, reporting, told);
  }

  @Override
  public Outcome handle(WorkItem item) {
    long start = reporting.time().nanos();
    try (LogContext ignored = logContext(item)) {
      Step step = reconcile(item);
      WorkTrace.current().result(step.result().code());
      reporting
          .metrics()
          .synced(
              item.key(),
              item.trigger().kind() == TriggerKind.POD ? item.trigger().namespace() : "",
              step.result().code(),
              nanos() - start);
      fleet.undecided().ended(item.key(), step.result(), nanos());
      if (step.equals(GONE)) {
        forget(item.key());
      }
      return step.outcome();
    }
  }

  private void forget(String node) {
    reporting.report().forgotten(node, fleet.forget(node));
    writing.brake().forget(node, now());
    images.forget(node, now());
  }

  /** One that was created again under its name, which may be seen without its deletion, is new. */
  private void recognise(NodeView.Meta node) {
    if (fleet.isAnother(node)) {
      forget(node.name());
    }
    fleet.recognised(node);
  }

  private LogContext logContext(WorkItem item) {
    return LogContext.of(LogContext.Key.NODE, item.key())
        .and(LogContext.Key.NAMESPACE, item.trigger().namespace())
        .and(LogContext.Key.EPOCH, writing.fence().isOpen() ? writing.fence().epoch() : "");
  }

  /** How a reconcile ended, and what the queue shall do. */
  private record Step(SyncResult result, Outcome outcome) {}

  private static final Step GONE = new Step(SyncResult.DELETED, Outcome.done());

  private Step reconcile(WorkItem item) {
    if (!cluster.synced()) {
      return new Step(SyncResult.NOT_SYNCED, new Outcome.Again(item.lane(), UNTIL_SYNCED));
    }
    Optional<NodeView> cached = cluster.node(item.key());
    if (cached.isEmpty()) {
      return GONE;
    }
    Optional<Awaited> behind = behind(cached.get());
    if (behind.isEmpty()) {
      recognise(cached.get().meta());
      return converge(item, cached.get(), true);
    }
    Duration left = CACHE_GRACE.minus(age(behind.get()));
    return left.isNegative() || left.isZero()
        ? convergeFromServer(item, true)
        : new Step(SyncResult.CACHE_BEHIND, new Outcome.Again(item.lane(), left));
  }

  /** Converges what the API server has now, where the cache is known to be behind. */
  private Step convergeFromServer(WorkItem item, boolean retryConflict) {
    ReadResult read = writing.writer().read(item.key());
    if (read instanceof ReadResult.Found found) {
      recognise(found.node().meta());
      fleet.await(found.node().meta(), reporting.time().nanos());
      return converge(item, found.node(), retryConflict);
    }
    return failure(item, ((ReadResult.Failed) read).why());
  }

  /** Decides and writes; after a conflict once more, at once. */
  private Step converge(WorkItem item, NodeView node, boolean retryConflict) {
    told.seen(node);
    long term = term();
    NodeDecider.Decision decision = decider.decide(node);
    NodePlan plan = decision.plan();
    if (plan.isConverged()) {
      if (writing.fence().isOpen()) {
        told.settled(node, plan, item.trigger().namespace());
      }
      return settled(SyncResult.UNCHANGED, item, plan);
    }
    if (!writing.fence().isOpen()) {
      return new Step(SyncResult.NOT_LEADING, Outcome.done());
    }
    if (term() != term) {
      return new Step(SyncResult.NOT_LEADING, new Outcome.Again(item.lane(), Duration.ZERO));
    }
    Optional<Duration> pause =
        fleet.damping().pause(node.meta(), decision.cause(), WrittenThings.of(plan), nanos());
    if (pause.isPresent()) {
      return new Step(SyncResult.DAMPED, lookAgain(item, plan, pause.map(now()::plus)));
    }
    WriteResult result = planWriter.carryOut(item, node, decision);
    if (result instanceof WriteResult.Ok) {
      return settled(SyncResult.WRITTEN, item, plan);
    }
    if (WriteResult.isTriedAgain(result)) {
      boolean conflict = result instanceof WriteResult.Conflict;
      fleet.update(item.key(), s -> s.withTrouble(conflict));
    }
    if (result instanceof WriteResult.Conflict) {
      reporting.metrics().conflict();
      if (retryConflict) {
        reporting.metrics().conflictRetry();
        return convergeFromServer(item, false);
      }
    }
    return failure(item, result);
  }

  /** Negative for a standby: what it decides is not rationed, its caches may not be current. */
  private long term() {
    long epoch = writing.fence().epoch();
    return writing.fence().isOpen() ? epoch : -1;
  }

  private Step settled(SyncResult result, WorkItem item, NodePlan plan) {
    fleet.update(item.key(), NodeState::settled);
    fleet.synced(now());
    return new Step(result, lookAgain(item, plan, Optional.empty()));
  }

  /** When time alone may change something, at the latest at the given one. */
  private Outcome lookAgain(WorkItem item, NodePlan plan, Optional<Instant> latest) {
    Instant now = now();
    return Instants.earliest(
            plan.checkAgainAt(), reporting.orphans().due(fleet.state(item.key())), latest)
        .map(at -> Outcome.again(Duration.between(now, at.isAfter(now) ? at : now)))
        .orElseGet(Outcome::done);
  }

  private Step failure(WorkItem item, WriteResult why) {
    if (why instanceof WriteResult.NotFound) {
      return GONE;
    }
    boolean conflict = why instanceof WriteResult.Conflict;
    WriteFailure failure =
        WriteFailure.of(why, conflict ? writing.afterConflicts() : writing.afterFailures());
    if (failure.isFailure()) {
      WorkTrace.current().failed(why.why());
      LOG.debug("node {} was not written: {}", item.key(), why);
    }
    if (why instanceof WriteResult.Rejected rejected) {
      rejected(item.key(), rejected);
    }
    return new Step(failure.result(), failure.outcome());
  }

  /** Once for each problem, should its wording name another request or time. */
  private void rejected(String name, WriteResult.Rejected rejected) {
    String problem = rejected.why();
    if (WriteResult.Rejected.shape(problem)
        .equals(WriteResult.Rejected.shape(fleet.state(name).problem()))) {
      return;
    }
    LOG.warn("the API server refuses what node {} should carry: {}", name, problem);
    cluster
        .node(name)
        .ifPresent(node -> reporting.report().refused(node.meta(), rejected.reason()));
    fleet.update(name, s -> s.withProblem(problem));
  }

  /** What the cache has not reached yet, if anything. */
  private Optional<Awaited> behind(NodeView node) {
    Optional<Awaited> awaited = fleet.state(node.name()).awaited();
    if (awaited.isPresent()
        && ResourceVersions.isAtLeast(
            node.meta().resourceVersion(), awaited.get().resourceVersion())) {
      fleet.update(node.name(), s -> s.withAwaited(Optional.empty()));
      return Optional.empty();
    }
    return awaited;
  }

  private Duration age(Awaited awaited) {
    return reporting.time().since(awaited.writtenNanos());
  }

  private long nanos() {
    return reporting.time().nanos();
  }

  private Instant now() {
    return reporting.time().steadyTime();
  }
}
