// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.queue.RetryDelays;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.telemetry.tracing.WorkTrace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles failed writes of nodes: the retry and the report. Thread-safe. */
public final class FailedWrites {
  private static final Logger LOG = LoggerFactory.getLogger(FailedWrites.class);

  private final ClusterView cluster;
  private final FleetIndex fleet;
  private final NodeReport report;
  private final RetryDelays afterConflicts;
  private final RetryDelays afterFailures;

  /**
   * @param afterConflicts delays after a second conflict in a row
   * @param afterFailures delays after other temporary failures
   */
  public FailedWrites(
      ClusterView cluster,
      FleetIndex fleet,
      NodeReport report,
      RetryDelays afterConflicts,
      RetryDelays afterFailures) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.report = report;
    this.afterConflicts = afterConflicts;
    this.afterFailures = afterFailures;
  }

  Step step(String node, WriteResult why) {
    if (why instanceof WriteResult.NotFound) {
      return Step.GONE;
    }
    WriteFailure failure =
        WriteFailure.of(why, why instanceof WriteResult.Conflict ? afterConflicts : afterFailures);
    if (failure.isFailure()) {
      WorkTrace.current().failed(why.why());
      LOG.debug("Node {} not written: {}", node, why);
    }
    if (why instanceof WriteResult.Rejected rejected) {
      rejected(node, rejected);
    }
    return new Step(failure.result(), failure.outcome());
  }

  /** Reported once, even if a later answer has another request id or time in its text. */
  private void rejected(String node, WriteResult.Rejected rejected) {
    String problem = rejected.why();
    if (!WriteResult.Rejected.shape(problem)
        .equals(WriteResult.Rejected.shape(fleet.state(node).problem()))) {
      LOG.warn("The API server refuses the update of node {}: {}", node, problem);
      cluster.node(node).ifPresent(n -> report.refused(n.meta(), rejected.reason()));
      fleet.update(node, s -> s.withProblem(problem));
    }
  }
}
