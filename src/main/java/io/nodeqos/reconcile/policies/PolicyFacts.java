// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.fleet.PolicyCensus;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.images.ImageProblems;

/** Collects the facts for the status of a policy, except its validity. */
public final class PolicyFacts {
  private final PolicyCensus census;
  private final Brake brake;
  private final ImageProblems images;
  private final DryRuns dryRuns;

  /**
   * @param images the problems that keep policies' images from being pulled
   */
  public PolicyFacts(PolicyCensus census, Brake brake, ImageProblems images, DryRuns dryRuns) {
    this.census = census;
    this.brake = brake;
    this.images = images;
    this.dryRuns = dryRuns;
  }

  PolicyCounts counts(PolicyCatalog.Entry entry) {
    return census.of(entry);
  }

  PolicyStatus.Facts of(PolicyCatalog.Entry entry, PolicyCounts counts, PolicyCleanup cleaning) {
    if (entry.dryRun().isEmpty()) {
      forget(entry.latest().name());
    }
    return new PolicyStatus.Facts(
        counts,
        cleaning,
        images.of(entry.latest().meta()),
        brake.episode(entry.latest()),
        entry.dryRun().filter(p -> !p.meta().deleting()).map(dryRuns::evaluate));
  }

  void forget(String policy) {
    dryRuns.forget(policy);
  }
}
