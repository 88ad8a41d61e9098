// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.dryrun;

import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.reconcile.policies.DryRunResult;
import io.nodeqos.reconcile.policies.DryRuns;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Plans dry runs as the command plan does: each node is decided with the policies in force, and
 * with the dry run beside them. Thread-safe.
 */
public final class PlannedDryRuns implements DryRuns {
  /**
   * The pause after an evaluation is so many times as long, for each dry run: together they take at
   * most 5 % of the time of the thread that also writes the status of all policies.
   */
  private static final int PAUSE_FACTOR = 20;

  private final PolicyCatalog policies;
  private final Supplier<PolicyPlanner> planners;
  private final LongSupplier changes;
  private final Supplier<Duration> interval;
  private final TimeSource time;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * The last result.
   *
   * @param changes the count before it
   * @param nanos the end of its evaluation
   * @param took the time of its evaluation
   */
  private record Known(
      String uid, long generation, long changes, long nanos, Duration took, DryRunResult result) {
    boolean isOf(NodeQoSPolicy policy) {
      return uid.equals(policy.meta().uid()) && generation == policy.meta().generation();
    }
  }

  /**
   * @param planners a planner for one evaluation, whose time stands still
   * @param changes counts the events that may change a result
   * @param interval least time between two evaluations of one version
   */
  public PlannedDryRuns(
      PolicyCatalog policies,
      Supplier<PolicyPlanner> planners,
      LongSupplier changes,
      Supplier<Duration> interval,
      TimeSource time) {
    this.policies = policies;
    this.planners = planners;
    this.changes = changes;
    this.interval = interval;
    this.time = time;
  }

  @Override
  public Evaluation evaluate(NodeQoSPolicy policy) {
    // Before the evaluation: an event during it asks for another one.
    long changesBefore = changes.getAsLong();
    Optional<Known> last =
        Optional.ofNullable(known.get(policy.name())).filter(known -> known.isOf(policy));
    if (last.isPresent()) {
      boolean isUpToDate = last.get().changes() == changesBefore;
      Duration again =
          isUpToDate ? Duration.ZERO : time.left(last.get().nanos(), pauseAfter(last.get().took()));
      if (isUpToDate || !again.isZero()) {
        return new Evaluation(last.get().result(), again);
      }
    }
    long begin = time.nanos();
    DryRunResult result = plan(policy.name());
    known.put(
        policy.name(),
        new Known(
            policy.meta().uid(),
            policy.meta().generation(),
            changesBefore,
            time.nanos(),
            time.since(begin),
            result));
    return new Evaluation(result, Duration.ZERO);
  }

  private Duration pauseAfter(Duration took) {
    Duration pause = took.multipliedBy((long) PAUSE_FACTOR * known.size());
    return pause.compareTo(interval.get()) > 0 ? pause : interval.get();
  }

  @Override
  public void forget(String policy) {
    known.remove(policy);
  }

  private DryRunResult plan(String name) {
    List<PolicyObject> objects = new ArrayList<>();
    List<PolicyRevision> revisions = new ArrayList<>();
    for (String each : policies.names()) {
      policies.entry(each).map(PolicyCatalog.Entry::latest).ifPresent(objects::add);
      revisions.addAll(policies.revisions(each));
    }
    return objects.stream()
        .filter(object -> object.name().equals(name))
        .findFirst()
        .map(
            dryRun ->
                PlannedDryRun.of(
                    planners
                        .get()
                        .plan(
                            new Policies(objects, revisions),
                            DryRunEdit.of(dryRun),
                            Optional.empty())))
        .orElseGet(() -> new DryRunResult(0, 0, List.of(), List.of(), List.of()));
  }
}
