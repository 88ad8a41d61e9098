// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.election.Fence;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Instants;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeDecider.Decision;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides the wanted state of one node and writes the difference, when this process leads.
 * Thread-safe; called by one thread at a time for one node.
 */
public final class NodeConvergence {
  private final NodeDecider decider;
  private final DecisionReport decisions;
  private final PlanWriter writer;
  private final WriteReport writes;
  private final Fence fence;
  private final TimeSource time;

  public NodeConvergence(
      NodeDecider decider,
      DecisionReport decisions,
      PlanWriter writer,
      WriteReport writes,
      Fence fence,
      TimeSource time) {
    this.decider = decider;
    this.decisions = decisions;
    this.writer = writer;
    this.writes = writes;
    this.fence = fence;
    this.time = time;
  }

  /** The result of an attempt. */
  sealed interface Attempt {
    record Ended(Step step) implements Attempt {}

    record Failed(WriteResult why) implements Attempt {}
  }

  Attempt converge(WorkItem item, NodeView node) {
    writes.seen(node);
    long term = term();
    Decision decision = decider.decide(node);
    decisions.decided(decision);
    NodePlan plan = decision.plan();
    String namespace = item.trigger().namespace();
    if (plan.isConverged()) {
      if (fence.isOpen()) {
        writes.waits(node, plan, namespace);
      }
      writes.settled(item.key());
      return new Attempt.Ended(
          new Step(SyncResult.UNCHANGED, lookAgain(item, plan, Optional.empty())));
    }
    if (!fence.isOpen()) {
      return new Attempt.Ended(Step.NOT_LEADING);
    }
    if (term() != term) {
      return new Attempt.Ended(
          new Step(SyncResult.NOT_LEADING, new Outcome.Again(item.lane(), Duration.ZERO)));
    }
    Optional<Duration> pause = writer.pause(decision);
    if (pause.isPresent()) {
      Optional<Instant> latest = pause.map(time.steadyTime()::plus);
      return new Attempt.Ended(new Step(SyncResult.DAMPED, lookAgain(item, plan, latest)));
    }
    WriteResult result = writer.carryOut(decision, namespace);
    if (result instanceof WriteResult.Ok) {
      writes.settled(item.key());
      return new Attempt.Ended(
          new Step(SyncResult.WRITTEN, lookAgain(item, plan, Optional.empty())));
    }
    writes.failed(item.key(), result);
    return new Attempt.Failed(result);
  }

  /** Negative for a standby: its decisions are not limited, as its caches may be stale. */
  private long term() {
    long epoch = fence.epoch();
    return fence.isOpen() ? epoch : -1;
  }

  /** Reconciles again when time alone may change the decision, at the latest at the given time. */
  private Outcome lookAgain(WorkItem item, NodePlan plan, Optional<Instant> latest) {
    Instant now = time.steadyTime();
    return Instants.earliest(plan.checkAgainAt(), decisions.due(item.key()), latest)
        .map(at -> Outcome.again(Duration.between(now, at.isAfter(now) ? at : now)))
        .orElseGet(Outcome::done);
  }
}
