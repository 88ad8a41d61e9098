// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyDocument;
import io.nodeqos.preview.edit.PolicyEdits;
import io.nodeqos.preview.edit.PolicySchema;
import io.nodeqos.preview.plan.PolicyPlan;
import io.nodeqos.preview.plan.PolicyPlanner;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSpecs;
import io.nodeqos.time.TimeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Plans edits of policies over the caches of this replica. Thread-safe; O(nodes) a plan. */
public final class LivePlanner {
  private final PolicyCatalog policies;
  private final BiFunction<PolicyCatalog, TimeSource, FleetPlanner> planners;
  private final SpinnerSpecs spinners;
  private final Supplier<ReconcileSettings> settings;
  private final IntSupplier writesPerSecond;
  private final TimeSource time;

  /**
   * @param planners the planner of the nodes in the caches, under other policies and at a time
   */
  public LivePlanner(
      PolicyCatalog policies,
      BiFunction<PolicyCatalog, TimeSource, FleetPlanner> planners,
      SpinnerSpecs spinners,
      Supplier<ReconcileSettings> settings,
      IntSupplier writesPerSecond,
      TimeSource time) {
    this.policies = policies;
    this.planners = planners;
    this.spinners = spinners;
    this.settings = settings;
    this.writesPerSecond = writesPerSecond;
    this.time = time;
  }

  /**
   * Plans them.
   *
   * @throws InvalidEditsException with all mistakes
   */
  PolicyPlan plan(List<PolicyDocument> documents, Collection<String> deletions)
      throws InvalidEditsException {
    TimeSource now = time.stopped();
    ReconcileSettings current = settings.get();
    Policies present = present();
    PolicyEdits edits =
        PolicyEdits.of(
            documents,
            deletions,
            present.objects(),
            current.startupTaintPrefixes(),
            now.wallTime());
    return new PolicyPlanner(
            catalog -> planners.apply(catalog, now),
            spinners,
            current,
            writesPerSecond.getAsInt(),
            FleetPass.ONE_BY_ONE)
        .plan(present, edits, Optional.empty())
        .with(
            false,
            List.of(
                PolicySchema.packaged().rules()
                    + " rules (CEL) of the CustomResourceDefinition, and admission: a replica does"
                    + " not ask the API server"));
  }

  private Policies present() {
    List<PolicyObject> objects = new ArrayList<>();
    List<PolicyRevision> revisions = new ArrayList<>();
    for (String name : policies.names()) {
      policies.entry(name).map(PolicyCatalog.Entry::latest).ifPresent(objects::add);
      revisions.addAll(policies.revisions(name));
    }
    return new Policies(objects, revisions);
  }
}
